import type { ForecastEvent } from '../../core/lifecycle/forecast.ts';
import { jsonText } from '../json-text.ts';
import { assumptionsOf } from './assumptions.ts';
import { type ForecastDocument, totalsByMonth, totalsOf } from './document.ts';

/** A forecast as JSON of schema `keysweep/forecast/v1` (docs/schemas/forecast-v1.schema.json). */
export function renderForecastJson(document: ForecastDocument): string {
  const { account, asOf, report, offline, model, forecast } = document;
  return jsonText({
    schema: 'keysweep/forecast/v1',
    account: { id: account.id, partition: account.partition, alias: account.alias },
    asOf,
    report: {
      generatedAt: report.generatedAt,
      ageUnknown: report.ageUnknown,
      rows: report.rows,
      notRenewed: report.notRenewed,
    },
    model: {
      mode: 'enforce',
      policyMode: model.policyMode,
      use: model.use,
      from: model.from,
      nights: model.nights,
      ledger: model.ledger,
      offline,
      assumptions: assumptionsOf(document),
    },
    totals: totalsOf(forecast.events),
    months: totalsByMonth(forecast.events),
    events: forecast.events.map(eventAsData),
    unknown: forecast.unknown.map(({ principal, credential, why }) => ({
      ...namesAsData({ principal, credential }),
      why,
    })),
  });
}

function eventAsData(event: ForecastEvent): object {
  const { night, type, notice, about, change, dueAt, why } = event;
  return { night, type, notice, about, change, dueAt, ...namesAsData(event), why };
}

function namesAsData({ principal, credential }: Pick<ForecastEvent, 'principal' | 'credential'>): object {
  return {
    credential: { kind: credential.kind, id: credential.id },
    principal: { kind: principal.kind, name: principal.name, arn: principal.arn },
  };
}
