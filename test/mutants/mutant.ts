/** A deliberate break of the code that some test must notice. */
export interface Mutant {
  /**
   * The invariant that it breaks; see docs/lifecycle.md. 0: the account that is meant is the one that is worked on, and
   * secrets are not printed.
   */
  readonly invariant: number;
  readonly what: string;
  readonly file: string;
  /** Must stand in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The test file that is known to notice it, and is asked first; where it does not, all suites are. */
  readonly noticedBy?: string;
}
