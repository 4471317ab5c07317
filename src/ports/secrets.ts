/** Everything about signing in that is drawn, hashed or sealed. */
export interface Secrets {
  hashPassword(password: string): Promise<string>;
  /** As slow to say no of nobody's password (null) as of somebody's. */
  isPassword(password: string, stored: string | null): Promise<boolean>;
  /** Something nobody can guess, and what is stored of it. */
  drawToken(): { token: string; hash: string };
  hashToken(token: string): string;
  /** A code of so many digits, for people to type. */
  drawDigits(count: number): string;
  /** A code for people to keep on paper. */
  drawPaperCode(): string;
  seal(owner: string, text: string): string;
  unseal(owner: string, sealed: string): string | null;
  mark(use: string, text: string): string;
  isMark(use: string, text: string, claimed: string): boolean;
  drawTotpSecret(): string;
  provisioningUri(secret: string, label: string): string;
  totpStepOf(secret: string, code: string, now: number): number | null;
}
