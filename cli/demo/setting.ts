/** What the demo starts from. Imports nothing, because the command line's help needs it too. */

/** How many nights the demo lasts. */
export const nightCount = 120;

/** The policy of the company in the demo: what a careful team would write after its first weeks. */
export const demoPolicyFile = 'acme/keysweep.yaml';

export const demoPolicy = `version: 1
accessKeys: { maxAge: 90d, maxIdle: 45d, neverUsedGrace: 7d }

overrides:                  # service users rotate less often than people
  - match: { tag: { kind: machine } }
    accessKeys: { maxAge: 180d }

exemptions:
  - match: { path: "/emergency/" }
    rules: "*"
    reason: sealed emergency access, tested each quarter
    owner: security@acme.example
    expires: 2027-03-31
  - match: { tag: { leave: "*" } }
    rules: [access-key-unused, access-key-too-old, console-password-unused]
    reason: on leave, back in June
    owner: people@acme.example
    expires: 2027-06-30
  - match: { user: vendor-scanner }
    rules: [access-key-unused, access-key-too-old]
    reason: vendor contract until the end of October
    owner: platform@acme.example
    expires: 2026-10-31
`;
