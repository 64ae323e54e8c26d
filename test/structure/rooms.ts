/**
 * The rooms of the project and what each may import: the arrows of the design as one table. Data only; the check is
 * in arrows.ts. A room is a folder; the longest matching name wins. Every room may import from itself.
 */

/** One room: its folder (or file) and the rooms it may import from. `*` is every room there is. */
export interface Room {
  room: string;
  mayImport: readonly string[];
}

/** Numbers and text only: what firmware and host tools may share as source. */
const shared = ['firmware/layout', 'firmware/wire', 'firmware/config'];

/** The arrows. */
export const rooms: readonly Room[] = [
  { room: 'firmware/layout', mayImport: [] },
  { room: 'firmware/wire', mayImport: [] },
  { room: 'firmware/config', mayImport: ['firmware/wire'] },
  { room: 'firmware/platform', mayImport: [] },
  { room: 'firmware/w5500', mayImport: ['firmware/platform', 'firmware/layout'] },
  { room: 'firmware/datapath', mayImport: ['firmware/layout', 'firmware/wire'] },
  {
    room: 'firmware/control',
    mayImport: ['firmware/datapath', 'firmware/layout', 'firmware/wire', 'firmware/config'],
  },
  {
    // Layout as well: the router writes the time into the arena.
    room: 'firmware/router',
    mayImport: [
      'firmware/w5500',
      'firmware/datapath',
      'firmware/control',
      'firmware/platform',
      'firmware/layout',
    ],
  },
  {
    // Layout and wire as well: the seam shows tables and names reasons, and both rooms hold nothing but numbers.
    room: 'firmware/services',
    mayImport: [
      'firmware/control',
      'firmware/config',
      'firmware/platform',
      'firmware/layout',
      'firmware/wire',
    ],
  },
  { room: 'firmware/probe', mayImport: ['firmware/w5500', 'firmware/platform', 'firmware/layout'] },
  { room: 'firmware/main.ts', mayImport: ['*'] },
  { room: 'host-tools', mayImport: shared },
  { room: 'test', mayImport: ['*'] },
];
