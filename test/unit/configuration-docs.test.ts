/** docs/configuration.md and .env.example say what the source reads. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENTED_NAMES,
  renderConfigurationPage,
  renderEnvironmentExample,
} from '../../src/config/configuration-docs.js';
import { VARIABLES } from '../../src/config/variables.js';

const fileText = (path: string) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');

const HOW = 'run `npm run docs:configuration`';

describe('configuration documents', () => {
  it('when the list of variables changes, then docs/configuration.md changes with it', () => {
    expect(fileText('docs/configuration.md'), HOW).toBe(renderConfigurationPage());
  });

  it('when the list of variables changes, then .env.example changes with it', () => {
    expect(fileText('.env.example'), HOW).toBe(renderEnvironmentExample());
  });

  it('when a variable is read, then the page has exactly one row for it', () => {
    const rows = [...renderConfigurationPage().matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
      ([, name]) => name,
    );
    expect(rows).toEqual(expect.arrayContaining(Object.keys(VARIABLES)));
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows).toEqual(DOCUMENTED_NAMES);
  });

  it.each([
    ['src/simulator.ts', /^ {2}([A-Z_]+): /gm],
    ['src/demo/main.ts', /process\.env\.([A-Z_]+)/g],
    ['src/trial/trial-settings.ts', /(?:read\('|\benv\.)([A-Z_]+)/g],
  ])('when %s reads a variable, then the page has it', (path, pattern) => {
    const names = [...fileText(path).matchAll(pattern)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !DOCUMENTED_NAMES.includes(name ?? ''))).toEqual([]);
  });

  it('when the simulator has a default, then the page says the same one', () => {
    const defaults = fileText('src/simulator.ts').matchAll(
      /^ {2}(SIMULATOR_[A-Z_]+): .*\.default\('?([^')]+)'?\)/gm,
    );
    const found = [...defaults].map(([, name, value]) => [name, value]);
    expect(found.length).toBeGreaterThan(3);
    for (const [name, value] of found) {
      expect(renderConfigurationPage()).toContain(`| \`${name}\` | \`${value}\` |`);
    }
  });

  it('when a variable must be given, then the page says so and the example leaves it to be filled in', () => {
    const given = parseEnv(renderEnvironmentExample());
    const required = Object.entries(VARIABLES)
      .filter(([, variable]) => variable.default === null)
      .map(([name]) => name);
    expect(Object.keys(given).sort()).toEqual(required.sort());
    expect(Object.values(given).every((value) => value === '')).toBe(true);
    for (const name of required) {
      expect(renderConfigurationPage()).toContain(`| \`${name}\` | **required** |`);
    }
  });

  it('when every line of the example is switched on, then the defaults are as documented', () => {
    const switchedOn = renderEnvironmentExample().replaceAll(/^#([A-Z_]+=)/gm, '$1');
    const values = parseEnv(switchedOn);
    for (const [name, variable] of Object.entries(VARIABLES)) {
      expect(values[name], name).toBe(variable.default ?? '');
    }
  });
});
