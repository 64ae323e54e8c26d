/**
 * A router for one story, as if nothing had been before it: the limit on ICMP errors remembers its second longer than the
 * miniature's tables live, so it is made to forget. Otherwise a story would not be the same again by its seed alone.
 */
import type { Config } from '../../firmware/config/schema.ts';
import { lan, router, type Wish } from '../control/table.ts';
import { udp } from '../wire/packets.ts';

export function freshRouter(wish: Wish): Config {
  // An error in another second: the next one starts the count anew.
  router({ second: (wish.second ?? 1) - 1 });
  lan(udp('C:9', 'I:9', { ttl: 1 }));
  return router(wish);
}
