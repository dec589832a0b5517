/**
 * Which names, paths, ARNs, ids and tags are possible in IAM. Source: the IAM API reference, the patterns and lengths of
 * User, Tag and AccessKey; for kinds of ids the IAM User Guide, "IAM identifiers".
 */
import { canMatch, type Grammar, literal, literalsOf } from './glob-language.ts';

/** The possible texts of one field, in any of its forms. */
export interface FieldGrammar {
  readonly forms: readonly Grammar[];
  readonly longest: number;
}

/** Whether any text that IAM allows in a field matches the glob. */
export function isPossible(glob: string, { forms, longest }: FieldGrammar): boolean {
  return literalsOf(glob).length <= longest && forms.some((form) => canMatch(glob, form));
}

export const isNameCharacter = oneOf(/^[\w+=,.@-]$/);
export const isPathCharacter = oneOf(/^[!-~]$/);
/** Letters, spaces and digits of every script, and marks, which belong to the letters of some. */
export const isTagCharacter = oneOf(/^[\p{L}\p{M}\p{Z}\p{N}_.:/=+\-@]$/u);
const isDigit = oneOf(/^\d$/);
const isIdCharacter = oneOf(/^[A-Z\d]$/);
const isPartitionCharacter = oneOf(/^[a-z\d-]$/);

const accountId: Grammar = [{ allows: isDigit, least: 12, most: 12 }];
const name: Grammar = [{ allows: isNameCharacter, least: 1, most: 64 }];
const paths: readonly Grammar[] = [
  literal('/'),
  [...literal('/'), { allows: isPathCharacter, least: 1, most: Number.POSITIVE_INFINITY }, ...literal('/')],
];
/** The names of all partitions begin like this: aws, aws-cn, aws-us-gov, aws-iso-b, aws-eusc. */
const arnStart: Grammar = [
  ...literal('arn:aws'),
  { allows: isPartitionCharacter, least: 0, most: Number.POSITIVE_INFINITY },
  ...literal(':iam::'),
  ...accountId,
];
const userArns = paths.map((path) => [...arnStart, ...literal(':user'), ...path, ...name]);

export const userName: FieldGrammar = { forms: [name], longest: 64 };
export const iamPath: FieldGrammar = { forms: paths, longest: 512 };
export const account: FieldGrammar = { forms: [accountId], longest: 12 };
/**
 * Of every kind: the patterns of AccessKeyId, SSHPublicKeyId, ServiceSpecificCredentialId and CertificateId allow more,
 * but AWS creates uppercase ids only.
 */
export const credentialId: FieldGrammar = { forms: [[{ allows: isIdCharacter, least: 16, most: 128 }]], longest: 128 };
/** `arn:PARTITION:iam::ACCOUNT:user/PATH/NAME`. */
export const userArn: FieldGrammar = { forms: userArns, longest: 700 };
/** `arn:PARTITION:iam::ACCOUNT:root`. */
export const rootArn: FieldGrammar = { forms: [[...arnStart, ...literal(':root')]], longest: 700 };
/** Either of the two. */
export const principalArn: FieldGrammar = { forms: [...userArns, ...rootArn.forms], longest: 700 };
export const tagKey: FieldGrammar = { forms: [[{ allows: isTagCharacter, least: 1, most: 128 }]], longest: 128 };
export const tagValue: FieldGrammar = { forms: [[{ allows: isTagCharacter, least: 0, most: 256 }]], longest: 256 };

/** Prefixes of ids that look like access key ids but are not, and what they are. */
export const foreignIds: Readonly<Record<string, string>> = {
  ABIA: 'an STS bearer token',
  ACCA: 'a context-specific credential',
  AGPA: 'a group',
  AIDA: 'a user',
  AIPA: 'an instance profile',
  ANPA: 'a managed policy',
  ANVA: 'a version of a managed policy',
  APKA: 'a public key',
  AROA: 'a role',
  ASCA: 'a certificate',
  ASIA: 'a temporary STS key, which expires on its own and is not in the credential report',
};

function oneOf(pattern: RegExp): (character: string) => boolean {
  return (character) => pattern.test(character);
}
