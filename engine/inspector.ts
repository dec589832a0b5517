/**
 * Live reads. What a plan, a forecast or an explanation rests on is read once, by an inspector; what justifies a change is
 * read again just before it, by {@link inspectAgain}. A new method of core's CredentialSource appears in `reads` by itself.
 */
import type { RetirableKind } from '../core/kinds/kinds.ts';
import type { CredentialState } from '../core/lifecycle/state.ts';
import type { ObservedPrincipal } from '../core/model.ts';
import type { CredentialSource, LiveRead, ReadProblem } from '../core/ports.ts';
import { isActiveAgain, type LastUseWanted, recheck } from './recheck.ts';

/** The account, as an audit saw it. */
export interface SeenAccount {
  /** Users whose credentials can show whether AWS names the user of a key. */
  readonly users: readonly Pick<ObservedPrincipal, 'principal' | 'credentials'>[];
}

export interface Inspector {
  /** Answers about one credential or user, and about policies, are cached: the same read costs one request. */
  readonly reads: CredentialSource;
  /**
   * As {@link recheck}, but unknown if a credential seems not to exist only because AWS denies naming its user. Undefined if
   * the recheck cannot determine the status of a credential that was seen active again: then that counts, see
   * {@link isActiveAgain}.
   */
  recheck(state: CredentialState, wanted: LastUseWanted): Promise<CredentialState | undefined>;
  /** Whether AWS names the user of an existing key, or there is no key to try: only then a denial means that a key no longer exists. */
  namesOwners(kind: RetirableKind): Promise<boolean>;
}

/** How many keys or users are tried: some may have been deleted since the audit. */
const maxTried = 3;

export function openInspector(source: CredentialSource, { users }: SeenAccount): Inspector {
  const reads = readOnce(source);

  async function askForOwners(kind: RetirableKind): Promise<boolean> {
    const ids = users.flatMap(({ credentials }) =>
      credentials.flatMap(({ ref }) => (ref.kind === kind && ref.id !== undefined ? [ref.id] : [])),
    );
    const tried = ids.length > 0 ? ids : await listedIds(kind);
    for (const id of tried.slice(0, maxTried)) if ((await reads.ownerOf({ kind, id })).ok) return true;
    return tried.length === 0;
  }
  async function listedIds(kind: RetirableKind): Promise<readonly string[]> {
    const some = users.slice(0, maxTried).map(({ principal }) => reads.credentials(kind, principal.name));
    return (await Promise.all(some)).flatMap((one) => (one.ok ? one.value.flatMap(({ ref }) => ref.id ?? []) : []));
  }
  const namesOwners = once(askForOwners);
  async function recheckKnown(state: CredentialState, wanted: LastUseWanted): Promise<CredentialState> {
    const seen = await recheck(reads, state, wanted);
    const { liveStatus, credential } = seen;
    const isDoubtful =
      liveStatus.kind === 'not-found' && liveStatus.denied !== undefined && !(await namesOwners(credential.kind));
    return isDoubtful ? { ...seen, liveStatus: { kind: 'unknown', why: liveStatus.denied } } : seen;
  }

  return {
    reads,
    namesOwners,
    async recheck(state, wanted) {
      const seen = await recheckKnown(state, wanted);
      return seen.liveStatus.kind === 'unknown' && isActiveAgain(state) ? undefined : seen;
    },
  };
}

/** Uncached reads for one change, and which of them AWS denied. */
export interface FreshReads {
  readonly reads: CredentialSource;
  /** Without denials of `ownerOf`, which are the answer for credentials that no longer exist. */
  readonly denials: readonly ReadProblem[];
}

export function inspectAgain(source: CredentialSource): FreshReads {
  const denials: ReadProblem[] = [];
  const noting =
    <A extends unknown[], T>(read: (...args: A) => Promise<LiveRead<T>>) =>
    async (...args: A): Promise<LiveRead<T>> => {
      const answer = await read(...args);
      if (!answer.ok && answer.problem.code === 'access-denied') denials.push(answer.problem);
      return answer;
    };
  const reads: CredentialSource = {
    ...source,
    credentials: noting(source.credentials),
    lastUse: noting(source.lastUse),
    user: noting(source.user),
  };
  return { reads, denials };
}

/** The same source, with each read made once. */
function readOnce(source: CredentialSource): CredentialSource {
  return {
    ...source,
    credentials: once(source.credentials),
    lastUse: once(source.lastUse),
    ownerOf: once(source.ownerOf),
    user: once(source.user),
    users: once(source.users),
    rootFacts: once(source.rootFacts),
    attachedPolicies: once(source.attachedPolicies),
  };
}

function once<A extends unknown[], T>(read: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (...args) => {
    const question = JSON.stringify(args);
    const answer = answers.get(question) ?? read(...args);
    answers.set(question, answer);
    return answer;
  };
}
