import { loadPolicy } from '../../core/policy/load.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { auditFormats } from '../../reports/formats.ts';
import type { TextStyle } from '../../reports/table.ts';
import type { Io } from '../io.ts';
import { writeResults } from '../output.ts';
import { styleFor } from '../terminal.ts';
import { type DemoNight, runDemoNight, runDemoNights } from './nights.ts';
import { demoPolicy, demoPolicyFile } from './setting.ts';
import {
  alertAsReceived,
  digestAsReceived,
  foreword,
  nightCost,
  nightsForeword,
  verdictInWords,
  yourTurn,
} from './texts.ts';
import { nightInWords } from './timeline.ts';

/** Shows one night, then all the others as they end. */
export async function showDemo(color: boolean, io: Io): Promise<void> {
  const style = styleFor(io.stdout, io.env, color);
  const policy = loadPolicy(demoPolicy, demoPolicyFile);
  const night = await runDemoNight(policy);
  const parts = [
    foreword(night, demoPolicy, style),
    auditFormats.table.render(night.audit, style),
    alertAsReceived(night.message, style),
    nightCost(night, style),
    nightsForeword(night.keyHolders.users.length, style),
  ];
  await writeResults(parts.join('\n'), io);
  await runNights(night, { ...policy, mode: 'enforce' }, style, io);
}

/** Shows each night as it ends. */
async function runNights({ keyHolders }: DemoNight, policy: Policy, style: TextStyle, io: Io): Promise<void> {
  const nights = await runDemoNights(keyHolders, policy, (night) => writeResults(nightInWords(night, style), io));
  const parts = ['', digestAsReceived(nights.digests, style), verdictInWords(nights, style)];
  await writeResults(`${parts.join('\n')}${yourTurn(style, io)}`, io);
}
