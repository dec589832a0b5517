/** Names that mark an installation of keysweep in an account, shared by the construct and the command line. */

/**
 * IAM is global and its names are unique within an account, so a second installation fails here, in any region: neither
 * would know of the other's notices, restorations and caps. No one can assume the role.
 */
export const installationRole = 'keysweep-installation';

/** The role's inline policy that names the table of the ledger. It allows nothing. */
export const installationLedgerPolicy = 'ledger';
