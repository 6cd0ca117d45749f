/** Writes docs/configuration.md and .env.example: `npm run docs:configuration`. */
import { writeFileSync } from 'node:fs';
import {
  renderConfigurationPage,
  renderEnvironmentExample,
} from '../src/config/configuration-docs.js';

const files = {
  'docs/configuration.md': renderConfigurationPage(),
  '.env.example': renderEnvironmentExample(),
};

for (const [path, text] of Object.entries(files)) {
  writeFileSync(new URL(`../${path}`, import.meta.url), text);
  process.stdout.write(`${path} written\n`);
}
