/** For each invariant of the lifecycle, a deliberate break of the code. Some test must fail for each. */

export interface Mutant {
  /** The invariant that it breaks; see docs/lifecycle.md. */
  readonly invariant: number;
  readonly what: string;
  readonly file: string;
  /** Must stand in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The test file that is known to notice it, and is asked first; where it does not, all suites are. */
  readonly noticedBy?: string;
}

export const mutants: readonly Mutant[] = [
  {
    invariant: 1,
    what: 'deletes without waiting for deleteAfter',
    file: 'core/lifecycle/decide-inactive.ts',
    find: 'latest(deactivation.deleteAt, addTo(deactivation.at, limits.deleteAfter))',
    replace: 'deactivation.at',
  },
  {
    invariant: 1,
    what: 'deletes a key that was used after its deactivation',
    file: 'core/lifecycle/decide-inactive.ts',
    find: 'seen.lastUse.at > deactivation.at)',
    replace: 'seen.lastUse.at > now)',
  },
  {
    invariant: 2,
    what: 'acts whatever the fresh read says',
    file: 'lambda/rotator/guard.ts',
    find: 'if (decision.type !== deed.type) return',
    replace: 'if (decision.type === undefined) return',
  },
  {
    invariant: 15,
    what: 'lets the guard look before the first attempt only',
    file: 'lambda/rotator/act.ts',
    find: 'const attempt = async (): Promise<Attempt> => {\n    const verdict = await guard(run, announced);',
    replace:
      'const once = guard(run, announced);\n  const attempt = async (): Promise<Attempt> => {\n    const verdict = await once;',
  },
  {
    invariant: 15,
    what: 'takes a deletion over a newer version of the ledger for nothing',
    file: 'lambda/rotator/settle.ts',
    find: "return written === 'conflict' ? settleOverNewer(run, result) : result;",
    replace: 'return result;',
  },
  {
    invariant: 3,
    what: 'deactivates keys in use',
    file: 'core/lifecycle/decide-active.ts',
    find: 'if (inUse && !goesInUse) return',
    replace: 'if (inUse && now.getTime() === 0) return',
  },
  {
    invariant: 3,
    what: 'the boundary of the in-use window is off by one millisecond',
    file: 'core/lifecycle/decide-active.ts',
    find: 'now.getTime() - seen.lastUse.at.getTime() < limits.inUseWindow',
    replace: 'now.getTime() - seen.lastUse.at.getTime() <= limits.inUseWindow',
  },
  {
    invariant: 3,
    what: 'deletes without a word what was in use when it was switched off',
    file: 'core/lifecycle/decide-inactive.ts',
    find: 'if (lateUse !== undefined) {',
    replace: 'if (lateUse !== undefined && now < lateUse) {',
  },
  {
    invariant: 4,
    what: 'takes a last use that could not be read for the one of the report',
    file: 'core/triage.ts',
    find: 'return { ...key, lastUseUnverified: why, lastUse };',
    replace: 'return { ...key, lastUse };',
  },
  {
    invariant: 4,
    what: 'takes a last use before the creation for a last use',
    file: 'core/last-use.ts',
    find: 'lastUse.at.getTime() >= createdAt.getTime() - tolerance',
    replace: 'lastUse.at.getTime() > 0',
  },
  {
    invariant: 4,
    what: 'takes an unknown last use for no use',
    file: 'core/lifecycle/decide-active.ts',
    find: "if (seen.lastUse.kind === 'unknown') return undefined;",
    replace: "if (seen.lastUse.kind === 'unknown') return false;",
  },
  {
    invariant: 4,
    what: 'takes a failed list of keys for keys that are gone',
    file: 'lambda/rotator/fresh-look.ts',
    find: "return code === 'not-found' ? lookElsewhere(source, { principal, credential }) : { kind: 'unknown', why: message };",
    replace: "return code === undefined ? { kind: 'unknown', why: message } : { kind: 'gone' };",
  },
  {
    invariant: 4,
    what: 'reads a denied last use as never used',
    file: 'core/rules/access-key-never-used.ts',
    find: "if (lastUse.kind === 'unknown') return { unknown: lastUse.why };",
    replace: '',
  },
  {
    invariant: 5,
    what: 'deletes keys that were exempted since',
    file: 'core/lifecycle/decide-inactive.ts',
    find: "if (judged.kind === 'exempt')",
    replace: "if (judged.kind === 'exempt' && now.getTime() === 0)",
  },
  {
    invariant: 5,
    what: 'an exemption that cannot be evaluated does not hold',
    file: 'core/policy/exemptions.ts',
    find: 'if (result === undefined) undecided ??= exemption;',
    replace: '',
  },
  {
    invariant: 6,
    what: 'lets everything pass a cap',
    file: 'core/lifecycle/plan.ts',
    find: 'if (index < capacity) return item;',
    replace: 'if (index < Number.POSITIVE_INFINITY) return item;',
  },
  {
    invariant: 7,
    what: 'acts although people could not be told',
    file: 'lambda/rotator/rotate.ts',
    find: 'return fail(surveyed, `people could not be told, so nothing was done: ${messageOf(error)}`);',
    replace: 'announced = {};',
  },
  {
    invariant: 7,
    what: 'deactivates without a final notice in mode enforce',
    file: 'core/lifecycle/notice-dates.ts',
    find: "if (policy.mode !== 'enforce') {\n    const from",
    replace: "if (policy.mode !== 'audit') {\n    const from",
  },
  {
    invariant: 7,
    what: 'a warning that said that the key stays on counts once it falls idle',
    file: 'core/lifecycle/decide-active.ts',
    find: 'addTo(seen.lastUse.at, limits.inUseWindow) > firstNoticeAt',
    replace: 'seen.lastUse.at > addTo(firstNoticeAt, limits.maxAge)',
  },
  {
    invariant: 8,
    what: 'reminds again in a second run',
    file: 'core/lifecycle/decide-active.ts',
    find: 'now >= from && warning.lastNoticeAt < from',
    replace: 'now >= from',
  },
  {
    invariant: 7,
    what: 'forgets what nobody was told when a restoration fails',
    file: 'lambda/rotator/restore.ts',
    find: 'untold === undefined ? silent : { ...silent, notice: untold }',
    replace: 'silent',
  },
  {
    invariant: 8,
    what: 'tells in a second run what will happen, after the first has told what has',
    file: 'core/lifecycle/pending.ts',
    find: 'if (!isPending && !isToldTonight) return decision;',
    replace: 'if (!isPending) return decision;',
  },
  {
    invariant: 9,
    what: 'treats the root user like any other',
    file: 'core/lifecycle/decide.ts',
    find: "if (principal.kind !== 'user') return",
    replace: "if (principal.name === '') return",
  },
  {
    invariant: 10,
    what: 'one failed read ends the sweep',
    file: 'lambda/rotator/act.ts',
    find: 'return failed(announced, `not done: ${messageOf(error)}`);',
    replace: 'throw error;',
  },
  {
    invariant: 10,
    what: 'one denied list of keys ends the audit',
    file: 'core/triage.ts',
    find: "if (read.problem.code === 'not-found') return undefined;",
    replace: "if (read.problem.code !== 'not-found') throw new Error(read.problem.message);",
  },
  {
    invariant: 11,
    what: 'acts by a report of any age',
    file: 'core/lifecycle/plan.ts',
    find: 'if (now.getTime() - generatedAt.getTime() <= maxAge) return undefined;',
    replace: 'if (now.getTime() - generatedAt.getTime() !== maxAge + 0.5) return undefined;',
  },
  {
    invariant: 12,
    what: 'a deactivation resets the age',
    file: 'core/lifecycle/transitions.ts',
    find: 'if (entry !== undefined) return entry.createdAt;',
    replace: 'if (entry !== undefined) return now;',
  },
  {
    invariant: 13,
    what: 'acts in mode warn',
    file: 'core/lifecycle/case.ts',
    find: "if (mode !== 'enforce')",
    replace: "if (mode === 'audit')",
  },
  {
    invariant: 6,
    what: 'carries out at once, past the caps, what only a fresh read led to',
    file: 'lambda/rotator/survey.ts',
    find: 'decision: isDeed(fresh) ? waiting(fresh.why) : fresh',
    replace: 'decision: isDeed(fresh) && fresh.why === undefined ? waiting(fresh.why) : fresh',
    noticedBy: 'test/lambda/rotator/confirmed-change-waits.test.ts',
  },
  {
    invariant: 2,
    what: 'a live last use replaces a later known one',
    file: 'lambda/rotator/fresh-look.ts',
    find: 'read.ok ? laterUse(known, read.value) :',
    replace: 'read.ok ? read.value :',
    noticedBy: 'test/lambda/rotator/last-use-goes-back.test.ts',
  },
  {
    invariant: 4,
    what: 'matches an unnamed key though two entries may be it',
    file: 'core/lifecycle/build-states.ts',
    find: ' || twins.length > 1 ||',
    replace: ' ||',
    noticedBy: 'test/core/lifecycle/build-states.test.ts',
  },
  {
    invariant: 7,
    what: 'takes the write of another sweep for its own',
    file: 'lambda/rotator/record.ts',
    find: 'found.notice?.sweep === meant.notice?.sweep &&',
    replace: '',
    noticedBy: 'test/lambda/rotator/same-moment.test.ts',
  },
];
