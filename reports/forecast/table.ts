import { createColors } from 'picocolors';
import type { ForecastEvent } from '../../core/lifecycle/forecast.ts';
import { localDate } from '../../core/lifecycle/local-time.ts';
import { dayInWords, stepInWords } from '../lifecycle-words.ts';
import { countKinds, kindCountsInWords } from '../notices/nouns.ts';
import { printable } from '../printable.ts';
import { layOut, type Row, type Sheet, sheetFor } from '../rows.ts';
import type { TextStyle } from '../table.ts';
import { wrap } from '../text-layout.ts';
import { accountInWords, counted, reportAgeInWords, timeInWords } from '../words.ts';
import { assumptionsOf } from './assumptions.ts';
import {
  eventsByNight,
  type ForecastDocument,
  type ForecastTotals,
  isNamedBySlot,
  totalsByMonth,
  totalsOf,
} from './document.ts';

type Colors = ReturnType<typeof createColors>;

/** A forecast for people: night by night, what happens to each key, the sums by month, what it cannot determine, and what it assumes. */
export function renderForecastTable(document: ForecastDocument, style: TextStyle): string {
  const width = Math.min(Math.max(style.width, 40), 140);
  const colors = createColors(style.color);
  const { events } = document.forecast;
  const rows = events.map((event) => ({ event, row: toRow(event) }));
  const sheet = sheetFor(
    rows.map(({ row }) => row),
    width,
  );
  const blocks = [
    heading(document, width, colors),
    ...[...eventsByNight(events).values()].map((night) => nightBlock(night, document, sheet, colors)),
    changesBlock(document, width, colors),
    monthBlock(document, colors),
    unknownBlock(document, width, colors),
    [colors.bold('ASSUMPTIONS'), ...assumptionsOf(document).flatMap((text) => listItem(text, width))],
    verdict(events, width, colors),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading({ account, asOf, report, model }: ForecastDocument, width: number, colors: Colors): string[] {
  const zone = model.timezone === undefined || model.timezone === 'UTC' ? '' : `, dates in ${model.timezone}`;
  const title = `AWS account ${accountInWords(account)}: the next ${counted(model.nights, 'night')} in mode enforce${zone}`;
  const source = `As of ${timeInWords(asOf, model.timezone)}, from the credential report ${reportAgeInWords(report, asOf)}`;
  return [...wrap(title, width).map(colors.bold), ...wrap(source, width)];
}

function nightBlock(
  events: readonly ForecastEvent[],
  { model }: ForecastDocument,
  sheet: Sheet,
  colors: Colors,
): string[] {
  const [first] = events;
  if (first === undefined) return [];
  return [
    `${colors.bold(dayInWords(first.night, model.timezone))}  ${colors.dim(sumInWords(totalsOf(events)))}`,
    ...changesFirst(events).flatMap((event) => layOut(toRow(event), sheet).map(paintOf(event, colors))),
  ];
}

/** What changes must not be lost among reminders. */
function changesFirst(events: readonly ForecastEvent[]): readonly ForecastEvent[] {
  const rank = ({ type }: ForecastEvent) => ['delete', 'deactivate'].indexOf(type);
  return events.toSorted((a, b) => Number(rank(b) >= 0) - Number(rank(a) >= 0) || rank(a) - rank(b));
}

/** Each key that is deactivated or deleted, once, in that order: what to read before mode enforce is turned on. */
function changesBlock({ forecast, model }: ForecastDocument, width: number, colors: Colors): string[] {
  const byKey = new Map<string, ForecastEvent[]>();
  for (const event of forecast.events) {
    if (event.type !== 'deactivate' && event.type !== 'delete') continue;
    const { id } = event.credential;
    byKey.set(id, [...(byKey.get(id) ?? []), event]);
  }
  const rows = [...byKey.values()].flatMap(([first, ...more]): Row[] => {
    if (first === undefined) return [];
    const steps = [first, ...more].map(
      (event) => `${stepInWords(event)} ${localDate(model.timezone ?? 'UTC', event.night)}`,
    );
    return [{ ...namesOf(first), details: `${steps.join(', ')}: ${printable(first.why)}` }];
  });
  if (rows.length === 0) return [];
  const sheet = sheetFor(rows, width);
  const kinds = [...byKey.values()].flatMap(([first]) => first?.credential.kind ?? []);
  return [
    colors.bold(`TO BE DEACTIVATED OR DELETED (${kindCountsInWords(countKinds(kinds))})`),
    ...rows.flatMap((row) => layOut(row, sheet)),
  ];
}

function toRow(event: ForecastEvent): Row {
  return { ...namesOf(event), details: `${stepInWords(event)}: ${printable(event.why)}` };
}

/** A key without a known id is called by its user and slot; beside the user's name the slot is enough. */
function namesOf(named: Pick<ForecastEvent, 'principal' | 'credential'>): Pick<Row, 'subject' | 'credential'> {
  const { principal, credential } = named;
  const name = isNamedBySlot(named) ? credential.id.slice(`${principal.name} (`.length, -1) : credential.id;
  return { subject: printable(principal.name), credential: printable(name) };
}

function paintOf({ type }: ForecastEvent, colors: Colors): (line: string) => string {
  if (type === 'delete') return colors.red;
  return type === 'deactivate' ? colors.yellow : (line) => line;
}

const totalColumns: readonly (readonly [title: string, key: keyof ForecastTotals])[] = [
  ['first notices', 'firstNotices'],
  ['reminders', 'reminders'],
  ['final notices', 'finalNotices'],
  ['deactivated', 'deactivated'],
  ['deleted', 'deleted'],
];

function monthBlock({ forecast: { events }, model }: ForecastDocument, colors: Colors): string[] {
  if (events.length === 0) return [];
  const line = (name: string, totals: ForecastTotals) =>
    `  ${name.padEnd(7)}${totalColumns.map(([title, key]) => String(totals[key]).padStart(title.length + 2)).join('')}`;
  return [
    `${colors.bold('MONTH  ')}  ${totalColumns.map(([title]) => `  ${title}`).join('')}`,
    ...totalsByMonth(events, model.timezone).map(({ month, ...totals }) => line(month, totals)),
    colors.bold(line('total', totalsOf(events))),
  ];
}

function unknownBlock({ forecast }: ForecastDocument, width: number, colors: Colors): string[] {
  if (forecast.unknown.length === 0) return [];
  const rows = forecast.unknown.map((one) => ({ ...namesOf(one), details: printable(one.why) }));
  const sheet = sheetFor(rows, width);
  return [
    colors.bold(colors.magenta(`NOT FORECAST (${rows.length})`)),
    ...rows.flatMap((row) => layOut(row, sheet)),
    ...wrap('What cannot be judged is skipped until it can be.', width - 2).map((text) => `  ${text}`),
  ];
}

function verdict(events: readonly ForecastEvent[], width: number, colors: Colors): string[] {
  if (events.length === 0) return wrap('Nothing would happen.', width).map(colors.green);
  return wrap(`Total: ${sumInWords(totalsOf(events))}.`, width).map(colors.bold);
}

function sumInWords(totals: ForecastTotals): string {
  const { firstNotices, reminders, finalNotices, deactivated, deleted, other } = totals;
  const parts: readonly (readonly [count: number, text: string])[] = [
    [firstNotices, counted(firstNotices, 'first notice')],
    [reminders, counted(reminders, 'reminder')],
    [finalNotices, counted(finalNotices, 'final notice')],
    [deactivated, `${deactivated} deactivated`],
    [deleted, `${deleted} deleted`],
    [other, counted(other, 'other change')],
  ];
  return parts.flatMap(([count, text]) => (count > 0 ? [text] : [])).join(', ');
}

function listItem(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line, index) => `${index === 0 ? '-' : ' '} ${line}`);
}
