/** How long an answer asks to wait (RFC 9110, section 10.2.3), in milliseconds; 0 where it does not. */
export function retryAfter(answer?: { readonly headers: Pick<Headers, "get"> }): number {
  const value = answer?.headers.get("Retry-After");
  return value ? Math.max(0, Number(value) * 1000 || Date.parse(value) - Date.now()) : 0;
}
