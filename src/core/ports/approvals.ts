/** Which commands of this repository a person has approved: kept outside it, bound to its path and the exact text, shared by all hosts. */
export interface Approvals {
  isApproved(commands: readonly string[]): Promise<boolean>;
  approve(commands: readonly string[]): Promise<void>;
}
