import { formatDuration } from '../../core/duration.ts';
import type { CredentialThresholds } from '../../core/kinds/kind.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Decision } from '../../core/lifecycle/decision.ts';
import type { ForecastEvent } from '../../core/lifecycle/forecast.ts';
import { type KeyDetails, nightsAhead } from '../../core/lifecycle/key-details.ts';
import { reasonsBy } from '../../core/lifecycle/reasons.ts';
import { findingAsData } from '../json.ts';
import { jsonText } from '../json-text.ts';
import { type ExplainDocument, undoOfKey } from './document.ts';

/** The details of one key as JSON of schema `keysweep/explain/v1` (docs/schemas/explain-v1.schema.json). */
export function renderExplainJson(details: ExplainDocument): string {
  const { account, asOf, report, credential, principal, owner, liveStatus, policy, stage, entry, next } = details;
  return jsonText({
    schema: 'keysweep/explain/v1',
    account: { id: account.id, partition: account.partition, alias: account.alias },
    asOf,
    report: { generatedAt: report.generatedAt, rows: report.rows, notRenewed: report.notRenewed },
    credential: { kind: credential.kind, id: credential.id },
    principal: { kind: principal.kind, name: principal.name, arn: principal.arn },
    owner,
    observed: observedAsData(liveStatus),
    findings: details.findings.map(findingAsData),
    policy: {
      mode: policy.mode,
      [kindOf(credential.kind).section]: policy.limits && thresholdsAsData(policy.limits),
      overrides: policy.overrides.map(({ number, override, applies }) => ({ number, applies, match: override.match })),
      exemptions: policy.exemptions.map(({ number, exemption, applies }) => ({ number, applies, ...exemption })),
    },
    stage,
    stageKnown: details.stageKnown,
    damage: details.damage,
    unknown: details.unknown,
    ledger: entry && {
      version: entry.version,
      since: entry.since,
      rules: entry.rules,
      reasons: reasonsBy(entry.rules),
      warning: entry.warning,
      deactivation: entry.deactivation,
      restoration: entry.restoration,
      deletion: entry.deletion,
      intent: entry.intent,
      blocked: entry.blocked,
      dueAt: details.dueAt,
      noticePending: details.isNoticePending,
    },
    history: details.events.map(({ version, at, sweep, type, by, from, to, detail }) => ({
      version,
      at,
      sweep,
      type,
      by,
      from,
      to,
      detail,
    })),
    decision: decisionAsData(details.decision),
    ...undoOfKey(details),
    next: {
      mode: 'enforce',
      nights: nightsAhead,
      ifUsed: next.ifUsed.map(eventAsData),
      ifNotUsed: next.ifNotUsed.map(eventAsData),
    },
  });
}

function observedAsData(liveStatus: KeyDetails['liveStatus']): object {
  switch (liveStatus.kind) {
    case 'not-found':
      return { kind: 'not-found' };
    case 'unknown':
      return { kind: 'unknown', why: liveStatus.why };
    case 'seen': {
      const { kind, status, createdAt, lastUse } = liveStatus;
      return { kind, status, createdAt, lastUse };
    }
  }
}

/** Durations as keysweep.yaml has them. */
function thresholdsAsData(limits: CredentialThresholds): object {
  const { deactivateInUse, warn, ...durations } = limits;
  const texts = Object.entries(durations).map(([name, duration]) => [name, formatDuration(duration)] as const);
  return { ...Object.fromEntries(texts), deactivateInUse, warn: warn.map(formatDuration) };
}

function decisionAsData(decision: Decision): object {
  switch (decision.type) {
    case 'skip': {
      const { type, skipReason, until, why } = decision;
      return { type, skipReason, until, why };
    }
    case 'warn': {
      const { type, notice, about, dueAt, rules, why } = decision;
      return { type, notice, about, dueAt, rules, reasons: reasonsBy(rules), why };
    }
    case 'deactivate':
    case 'delete': {
      const { type, dueAt, rules, why } = decision;
      return { type, dueAt, rules, reasons: reasonsBy(rules), why };
    }
    case 'resolve':
      return { type: decision.type, why: decision.why };
    case 'observe': {
      const { type, change, by, why } = decision;
      return { type, change, by, why };
    }
  }
}

function eventAsData({ night, type, notice, about, change, dueAt, why }: ForecastEvent): object {
  return { night, type, notice, about, change, dueAt, why };
}
