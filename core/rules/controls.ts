/** Benchmark control ids. Sources: CIS AWS Foundations, AWS Security Hub, PCI DSS v4.0.1, NIST SP 800-53 r5. */

/** The versions of CIS AWS Foundations; v4.0 has the numbers of v3.0. */
const cisVersions = ['CIS-3.0', 'CIS-4.0', 'CIS-5.0', 'CIS-6.0', 'CIS-7.0'] as const;

export interface ControlNumbers {
  /** Numbers in CIS v3.0 and v4.0, v5.0, v6.0 and v7.0; `-` if a version has no such control. */
  readonly cis?: readonly [v3and4: string, v5: string, v6: string, v7: string];
  readonly securityHub?: readonly string[];
  readonly pci?: readonly string[];
  readonly nist?: readonly string[];
}

/** Control ids as findings carry them: `CIS-3.0:1.14`, `SecurityHub:IAM.3`, `PCI-4.0.1:8.6.3`, `NIST-800-53r5:AC-2(3)`. */
export function controlIds({ cis, securityHub = [], pci = [], nist = [] }: ControlNumbers): readonly string[] {
  const [v3and4, ...later] = cis ?? [];
  return [
    ...[v3and4, v3and4, ...later].flatMap((number, index) =>
      number === undefined || number === '-' ? [] : [`${cisVersions[index]}:${number}`],
    ),
    ...securityHub.map((id) => `SecurityHub:${id}`),
    ...pci.map((id) => `PCI-4.0.1:${id}`),
    ...nist.map((id) => `NIST-800-53r5:${id}`),
  ];
}
