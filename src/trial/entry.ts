import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Arguments with which node runs another file of this folder: the compiled one, or the source itself when this file is
 * running from source, as under the test runner.
 */
export function entryArguments(name: string): string[] {
  const extension = extname(fileURLToPath(import.meta.url));
  const file = fileURLToPath(new URL(`./${name}${extension}`, import.meta.url));
  return extension === '.ts' ? ['--import', 'tsx', file] : [file];
}

/** The project's folder, of which both the compiled and the source form of this file know the way. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
