import type { Audit } from '../../core/model.ts';
import { missingUsersInWords, timeInWords } from '../words.ts';
import { policyNotes } from './policy-notes.ts';

/** What the audit behind a digest says about the account as a whole: plain sentences. */
export function digestNotes({
  report,
  missingUsers,
  usage,
}: Pick<Audit, 'report' | 'missingUsers' | 'usage'>): readonly string[] {
  const { generatedAt, notRenewed } = report;
  const gone = missingUsersInWords(missingUsers);
  return [
    ...(notRenewed === undefined || generatedAt === undefined
      ? []
      : [`AWS generated no credential report newer than the one of ${timeInWords(generatedAt)}: ${notRenewed}.`]),
    ...(gone === undefined ? [] : [`${gone}.`]),
    ...policyNotes(usage),
  ];
}
