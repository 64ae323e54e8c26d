/*
 * UPnP's question for the public address: find the Internet gateway device (SSDP), read its description, call
 * GetExternalIPAddress. Only the default gateway is believed, and only its own address is fetched from.
 */
import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';

export const SSDP_PORT = 1900;
const SSDP_GROUP = '239.255.255.250';
/** For the search, and for each fetch, ms. */
const SEARCH_TIME = 1500;
const FETCH_TIME = 2000;
/** A description is some kilobytes; what is longer is cut, in characters. */
const LONGEST = 256 * 1024;
const SERVICE = /urn:schemas-upnp-org:service:WAN(?:IP|PPP)Connection:\d/;

const SEARCH = [
  'M-SEARCH * HTTP/1.1',
  `HOST: ${SSDP_GROUP}:${SSDP_PORT}`,
  'MAN: "ssdp:discover"',
  'MX: 1',
  'ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1',
  '',
  '',
].join('\r\n');

/** The address of the description in an answer to the search, if it lies on `gateway`. */
export function locationIn(answer: string, gateway: string): string | null {
  const found = /^location: *(\S+)/im.exec(answer)?.[1];
  if (!found || !URL.canParse(found)) return null;
  const url = new URL(found);
  return url.protocol === 'http:' && url.hostname === gateway ? url.href : null;
}

/** Service type and control path of the WAN connection in a description. */
export function controlIn(description: string): { service: string; path: string } | null {
  for (const [, body] of description.matchAll(/<service>([\s\S]*?)<\/service>/g)) {
    const service = SERVICE.exec(body)?.[0];
    const path = /<controlURL>\s*([^<\s]+)\s*<\/controlURL>/.exec(body)?.[1];
    if (service && path) return { service, path };
  }
  return null;
}

/** The address in the answer to GetExternalIPAddress. */
export function addressIn(answer: string): string | null {
  const found = /<NewExternalIPAddress>\s*([\d.]+)\s*<\/NewExternalIPAddress>/.exec(answer)?.[1];
  return found && isIPv4(found) && found !== '0.0.0.0' ? found : null;
}

function search(gateway: string, port: number): Promise<string | null> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    const finish = (location: string | null) => {
      clearTimeout(timer);
      socket.close();
      resolve(location);
    };
    const timer = setTimeout(() => finish(null), SEARCH_TIME);
    socket.on('error', () => finish(null));
    socket.on('message', (answer, { address }) => {
      const location = address === gateway ? locationIn(answer.toString('latin1'), gateway) : null;
      if (location) finish(location);
    });
    // To the gateway itself as well: not every switch carries multicast.
    for (const to of [SSDP_GROUP, gateway]) socket.send(SEARCH, port, to, () => {});
  });
}

async function fetchText(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(FETCH_TIME) });
  if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`);
  return (await answer.text()).slice(0, LONGEST);
}

/** Asks `gateway`; null if it does not speak UPnP or does not say. */
export async function askUpnp(gateway: string, port = SSDP_PORT): Promise<string | null> {
  const location = await search(gateway, port);
  if (!location) return null;
  try {
    const control = controlIn(await fetchText(location));
    const url = control && new URL(control.path, location);
    if (!control || url?.hostname !== gateway) return null;
    const action = 'GetExternalIPAddress';
    return addressIn(
      await fetchText(url.href, {
        method: 'POST',
        headers: {
          'Content-Type': 'text/xml; charset="utf-8"',
          SOAPAction: `"${control.service}#${action}"`,
        },
        body:
          '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
          's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
          `<u:${action} xmlns:u="${control.service}"/></s:Body></s:Envelope>`,
      }),
    );
  } catch {
    return null;
  }
}
