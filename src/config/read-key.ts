import { readFileSync } from 'node:fs';
import { VARIABLES, type VariableName, type Variables } from './variables.js';

/** A key that is given as text or as a file's name. Adds what is wrong to the problems, and is `null` then. */
export function readKey<T>(
  values: Variables,
  name: 'CODEPAY_PRIVATE_KEY' | 'CODEPAY_PUBLIC_KEY' | 'AUDIT_SIGNING_KEY',
  parse: (text: string) => T,
  problems: string[],
): T | null {
  const fileName: VariableName = `${name}_FILE`;
  const file = values[fileName];
  const text = values[name];
  if (text === undefined && file === undefined) {
    problems.push(`${name} or ${fileName} is missing: ${VARIABLES[name].sentence}`);
    return null;
  }
  try {
    return parse(text ?? readKeyFile(file ?? ''));
  } catch (error) {
    // Key errors name what is wrong with the encoding and never contain key text.
    const reason = error instanceof Error ? error.message : 'cannot be read';
    problems.push(`${text === undefined ? fileName : name}: ${reason}`);
    return null;
  }
}

/** @throws {Error} without the name: people paste the key itself where the file's name belongs */
function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    throw new Error(`the file cannot be read (${code})`);
  }
}
