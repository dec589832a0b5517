/** Where keysweep is installed in an account: a name that construct and command line share. */

/**
 * IAM is global and its names are unique in an account, so that a second installation, in whatever region, fails here:
 * neither would know of the notices, restorations and caps of the other. No one can assume the role.
 */
export const installationRole = 'keysweep-installation';

/** The role's inline policy that names the table of the ledger. It allows nothing. */
export const installationLedgerPolicy = 'ledger';
