/** Stands where a secret stood. */
const mask = '[masked]';

/**
 * Forms of secrets that are known by how they look. What stands in the first group is kept. Each pattern begins with a fixed text and
 * repeats one class of characters, so that none takes long on any input.
 */
const patterns: readonly RegExp[] = [
  // GitHub, GitLab, npm, Anthropic and OpenAI, Supabase, Slack, Stripe, AWS, Google
  /\b(?:gh[pousr]_|github_pat_)\w{20,255}/g,
  /\bglpat-[\w-]{16,255}/g,
  /\bnpm_[A-Za-z0-9]{30,255}/g,
  /\bsk-[A-Za-z0-9_-]{16,255}/g,
  /\bsbp_[\w-]{30,255}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{8,255}/g,
  /\b[rsp]k_(?:live|test)_[A-Za-z0-9]{16,255}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{30,100}/g,
  // JSON Web Tokens
  /\beyJ[\w-]{8,4000}\.[\w-]{4,4000}\.[\w-]{4,4000}/g,
  /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[A-Za-z0-9+/=\s\\:,-]{1,8000}?(?=-----END|$)/g,
  /(\bhttps:\/\/(?:discord(?:app)?\.com|hooks\.slack\.com)\/)[^\s"'<>]{1,500}/g,
  // Headers, and names and passwords in addresses
  /(\b(?:bearer|basic)\s{1,4})[\w.~+/=-]{8,4000}/gi,
  /(\b(?:set-)?cookie:\s{0,4})[^\r\n"]{1,4000}/gi,
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/:@"'<>]{0,200}:[^\s/@"'<>]{1,200}(?=@)/gi,
  // NAME_TOKEN=…, "password": "…"
  /(\b\w{0,60}(?:token|secret|password|passwd|credentials?|api_?key|access_?key|private_?key)["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"',;&]{4,4000}/gi,
];

/** A person's name in the path of the home folder. */
const homes = /((?:^|[\s"'`(=:,[])(?:\/home|\/Users|[A-Za-z]:(?:\\{1,2}|\/)Users)(?:\/|\\{1,2}))[^/\\\s"'`:]+/g;

/** Puts `[masked]` where a text holds what looks like a secret: tokens of known forms, headers, passwords, private keys. */
export function maskSecrets(text: string): string {
  return patterns.reduce((masked, pattern) => masked.replace(pattern, (...found) => `${keptOf(found)}${mask}`), text);
}

/** As `maskSecrets`, and puts `<redacted>` for the name in paths below a home folder: for what is handed on to others. */
export function maskPrivate(text: string): string {
  return maskSecrets(text).replace(homes, '$1<redacted>');
}

/** Masks every text in a value made of JSON, keys left as they are. */
export function maskValue(value: unknown): unknown {
  if (typeof value === 'string') return maskPrivate(value);
  if (Array.isArray(value)) return value.map(maskValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskValue(member)]));
}

/** The first group of a match, where the pattern has one. */
function keptOf(found: readonly unknown[]): string {
  return typeof found[1] === 'string' ? found[1] : '';
}
