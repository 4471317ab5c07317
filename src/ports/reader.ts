/** Reads rows from Postgres. Parameters are text, the query casts them; the row type stands beside the query it belongs to. */
export interface Reader {
  read<T>(query: string, params?: string[]): Promise<T[]>;
}
