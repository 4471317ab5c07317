/** Whether two names mean one person: letter case and spaces make nobody a second person. */
export const isSamePerson = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && plain(one) === plain(other);

const plain = (name: string) => name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
