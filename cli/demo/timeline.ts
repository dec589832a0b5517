import { createColors } from 'picocolors';
import type { SweepAction } from '../../core/lifecycle/sweep-result.ts';
import { dayInWords } from '../../reports/lifecycle-words.ts';
import type { TextStyle } from '../../reports/table.ts';
import { wrap } from '../../reports/text-layout.ts';
import { counted } from '../../reports/words.ts';
import type { WriteRecord } from '../../sandbox/index.ts';
import { endOfId } from './life.ts';
import type { Night } from './nights.ts';

const dateCells = 16;

type Colors = ReturnType<typeof createColors>;
type Line = readonly [paint: (text: string) => string, text: string];

/** The news of one night; empty if there is none. Requests to rotate are shown only with other news. */
export function nightInWords(night: Night, style: TextStyle): string {
  const colors = createColors(style.color);
  const lines = linesOf(night, colors);
  if (lines.length === 0) return '';
  const room = Math.min(Math.max(style.width, 40), 110) - dateCells;
  const texts = lines.flatMap(([paint, text]) => wrap(text, room).map(paint));
  return texts.map((text, at) => `${(at === 0 ? dayInWords(night.at) : '').padEnd(dateCells)}${text}\n`).join('');
}

function linesOf(night: Night, colors: Colors): readonly Line[] {
  const { happenings, trouble, result } = night;
  const plain = (text: string) => text;
  const events = happenings.map((text): Line => [colors.cyan, text]);
  if (trouble === 'crashed') {
    const { change } = night;
    const done = change === undefined ? '' : `: ${changeInWords(change)}`;
    return [...events, [colors.magenta, `CRASH: the sweep is killed right after its first change in IAM${done}`]];
  }
  const { actions = [], skipped = [] } = result ?? {};
  const of = (type: SweepAction['type'], outcome = 'applied') =>
    actions.filter((action) => action.type === type && action.outcome === outcome);
  const throttled: readonly Line[] =
    trouble === 'throttled'
      ? [
          [
            colors.magenta,
            `THROTTLED: AWS throttles every request for last use, so ${counted(
              actions.filter(({ outcome }) => outcome === 'failed').length +
                skipped.filter(({ skipReason }) => skipReason === 'unknown').length,
              'key',
            )} cannot be judged, and nothing is deleted on a guess`,
          ],
        ]
      : [];
  const notices = noticesInWords(of('warn'));
  const deferred = skipped.filter(({ skipReason }) => skipReason === 'cap').length;
  const lines: readonly Line[] = [
    ...throttled,
    ...named(of('delete'), 'deleted', colors.red),
    ...named(of('deactivate'), 'deactivated', colors.yellow),
    ...observed(of('observe'), plain),
    ...named(of('resolve'), 'warning withdrawn', colors.green),
    ...(deferred > 0 ? [[colors.dim, `deferred by the policy's limits: ${counted(deferred, 'key')}`] as const] : []),
    ...(notices === '' ? [] : [[colors.dim, notices] as const]),
  ];
  return [...events, ...lines];
}

function named(actions: readonly SweepAction[], verb: string, paint: (text: string) => string): readonly Line[] {
  if (actions.length === 0) return [];
  return [[paint, `${verb}: ${actions.map(keyInWords).join(', ')}`]];
}

/** Some users have two keys, so the end of the id says which. */
export function keyInWords({ principal, credential }: Pick<SweepAction, 'principal' | 'credential'>): string {
  return `${principal.name} (${endOfId(credential.id)})`;
}

function changeInWords({ userName, accessKeyId = '', statusAfter }: WriteRecord): string {
  return `${userName} (${endOfId(accessKeyId)}) is ${statusAfter === undefined ? 'deleted' : 'deactivated'}`;
}

function observed(actions: readonly SweepAction[], paint: (text: string) => string): readonly Line[] {
  const words = {
    deactivated: 'found inactive',
    restored: 'found reactivated',
    deleted: 'found deleted',
    'late-use': 'found in use when deactivated',
  } as const;
  return actions.flatMap(({ change, why, ...key }): Line[] => {
    return change === undefined ? [] : [[paint, `${words[change]}: ${keyInWords(key)}: ${why}`]];
  });
}

function noticesInWords(notices: readonly SweepAction[]): string {
  const count = (isIt: (action: SweepAction) => boolean) => notices.filter(isIt).length;
  const rotates = count(({ about }) => about === 'rotate');
  const others = notices.filter(({ about }) => about !== 'rotate');
  const first = others.filter(({ notice }) => notice === 'first-notice').length;
  const again = others.filter(({ notice }) => notice === 'reminder' || notice === 'still-waiting').length;
  const final = others.filter(({ notice }) => notice === 'final-notice').length;
  if (others.length === 0 && count(({ notice }) => notice === 'first-notice') === 0) return '';
  const parts = [
    first > 0 ? counted(first, 'first notice') : undefined,
    again > 0 ? counted(again, 'reminder') : undefined,
    final > 0 ? counted(final, 'final notice') : undefined,
    rotates > 0 ? `${counted(rotates, 'request')} to rotate` : undefined,
  ];
  return `notices: ${parts.filter((part) => part !== undefined).join(', ')}`;
}
