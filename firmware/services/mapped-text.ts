/**
 * The rules that LAN hosts asked for, as `forwards` tells them.
 */
import {
  eventLog,
  forwardFirstPort,
  forwardFlows,
  forwardProtocol,
  forwardTo,
  forwardToPort,
  logNow,
  mapped,
} from '../layout/arena.ts';
import { forwardProtocols } from '../config/schema.ts';
import { forwardCount, ruleCount } from '../control/forwards.ts';
import type { Answer } from './replies.ts';
import { addressText } from './text.ts';

/** One entry each: how it leads, for how many seconds still, and the flows it let in. */
export function mappedRules(): Answer[] {
  const list: Answer[] = [];
  for (let i = ruleCount(); i < forwardCount; i++) {
    list.push({
      proto: forwardProtocols[forwardProtocol[i] - 1],
      port: forwardFirstPort[i],
      to: addressText(forwardTo[i]) + ':' + forwardToPort[i],
      seconds: mapped[i] > eventLog[logNow] ? mapped[i] - eventLog[logNow] : 0,
      flows: forwardFlows[i],
    });
  }
  return list;
}
