/*
 * A package registry on loopback that has what the lock file has for the command line, packed anew from node_modules:
 * so npm itself installs our package as anybody would, without a network. What npm could not get from it is not what
 * the lock names; whether the real registry hands out the same bytes is the lock's business (its integrity hashes).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

interface Locked {
  version?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

/** A package that an installation of ours brings along. */
export interface RuntimePackage {
  name: string;
  version: string;
  /** Where it is installed in the clone, relative. */
  folder: string;
  hasInstallScript: boolean;
}

export interface Registry {
  url: string;
  /** Names of the packages that were asked for, in order. */
  asked: string[];
  close(): void;
}

/** What the lock file has beside development's; of packages for other systems, none is here. */
export function runtimePackages(root: string): RuntimePackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(lock.packages)
    .filter(([folder, { dev }]) => folder !== '' && !dev && existsSync(join(root, folder)))
    .map(([folder, { version, hasInstallScript }]) => ({
      name: folder.split('node_modules/').pop()!,
      version: version!,
      folder,
      hasInstallScript: hasInstallScript === true,
    }));
}

/** Packs the run-time packages into `folder` and serves them until it is closed. */
export async function openRegistry(root: string, folder: string, env: NodeJS.ProcessEnv): Promise<Registry> {
  const packages = runtimePackages(root);
  const specs = packages.map((one) => `./${one.folder}`);
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, ...specs], {
    cwd: root,
    env,
  });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.slice(1));
    if (path.endsWith('.tgz')) return void response.end(readFileSync(join(folder, path)));
    asked.push(path);
    const versions = packages.filter(({ name }) => name === path);
    if (versions.length === 0) return void response.writeHead(404).end('{}');
    const url = `http://${request.headers.host}/`;
    response.end(JSON.stringify(packument(root, versions, url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What a registry says of a package: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function packument(root: string, packages: RuntimePackage[], url: string): object {
  const versions = packages.map(({ name, version, folder }) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as object;
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    return [version, { ...manifest, dist: { tarball: url + file } }] as const;
  });
  return {
    name: packages[0].name,
    'dist-tags': { latest: packages[0].version },
    versions: Object.fromEntries(versions),
  };
}
