/** Accounts whose objects have entries under another id: a database that was set back gave their numbers to somebody else. */
export class OtherAccount extends Error {
  readonly accounts: string[];
  constructor(accounts: string[]) {
    super(`${accounts.join(", ")}: somebody else has entries under this number already; see its case`);
    this.accounts = accounts;
  }
}
