import { expect, it } from 'vitest';
import { type AnsweredChange, deniedAlike } from '../../../core/lifecycle/denied-alike.ts';

const allowed = (change: AnsweredChange['change']): AnsweredChange => ({ change });
const denied = (change: AnsweredChange['change'], why = 'no policy allows it', hint = 'allow it'): AnsweredChange => {
  return { change, denial: { why, hint } };
};

const linesOf = (answered: readonly AnsweredChange[]) => [...deniedAlike(answered).values()].map((one) => one.problem);

const off = 'deactivate';
const twoOff = 'AWS denied 2 deactivations and allowed none: no policy allows it; allow it';

it.each<[string, readonly AnsweredChange[], readonly string[]]>([
  ['nothing was tried', [], []],
  ['one was denied', [denied(off)], []],
  ['two were denied', [denied(off), denied(off)], [twoOff]],
  ['one of three was allowed', [denied(off), denied(off), allowed(off)], []],
  ['deletions were allowed, and no deactivation', [denied(off), allowed('delete'), denied(off)], [twoOff]],
  ['one of each was denied', [denied(off), denied('delete')], []],
  [
    'two of each were denied',
    [denied(off), denied('delete'), denied(off), denied('delete')],
    [twoOff, twoOff.replace('deactivation', 'deletion')],
  ],
  [
    'there were two reasons',
    [denied(off), denied(off, 'an SCP', 'ask'), denied(off)],
    ['AWS denied 3 deactivations and allowed none: no policy allows it; allow it; also: an SCP; ask'],
  ],
])('%s', (_, answered, expected) => {
  expect(linesOf(answered)).toEqual(expected);
});
