/**
 * The two kinds of answers of the seam.
 */

export type Answer = { [key: string]: unknown };

export function success(result: Answer): string {
  result.ok = true;
  return JSON.stringify(result);
}

export function failure(sentence: string): string {
  return JSON.stringify({ ok: false, error: sentence });
}
