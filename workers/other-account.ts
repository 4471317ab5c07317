/** Accounts whose objects go by another id: a database that was set back gave their numbers to somebody else. */
export class OtherAccount extends Error {
  readonly accounts: string[];
  constructor(accounts: string[]) {
    super(`${accounts.join(", ")}: somebody else has this number already; see its case`);
    this.accounts = accounts;
  }
}
