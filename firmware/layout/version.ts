/** The firmware's version as `status` tells it; the build puts package.json's in. */
declare const HAIRPIN_VERSION: string;
export const version = HAIRPIN_VERSION;
