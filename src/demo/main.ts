/** Process entry of `npm run demo`: every scenario against the running service, each order's timeline as it happens. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoError, DemoService } from './demo-service.js';
import { DEMO_STORIES, type DemoStory } from './demo-stories.js';
import { playStory, type StoryResult } from './play-story.js';

/** Enough to be quick, few enough to be read. */
const AT_ONCE = 6;

const NAME_WIDTH = Math.max(...DEMO_STORIES.map(({ name }) => name.length));

function apiKey(): string {
  const given = process.env.DEMO_API_KEY;
  if (given !== undefined && given !== '') return given;
  const file = join(process.env.DATA_DIR ?? '.data', 'secrets', 'api-key');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new DemoError('no API key: run `npm start` here first, or set DEMO_API_KEY', {
      cause: error,
    });
  }
}

function chosenStories(names: readonly string[]): readonly DemoStory[] {
  if (names.length === 0) return DEMO_STORIES;
  const unknown = names.filter((name) => !DEMO_STORIES.some((story) => story.name === name));
  if (unknown.length > 0) {
    const known = DEMO_STORIES.map(({ name }) => name).join(', ');
    throw new DemoError(`no scenario ${unknown.join(', ')}; there are: ${known}`);
  }
  return DEMO_STORIES.filter(({ name }) => names.includes(name));
}

async function main(): Promise<number> {
  const stories = chosenStories(process.argv.slice(2));
  const service = new DemoService({
    apiUrl: process.env.DEMO_API_URL ?? `http://127.0.0.1:${process.env.PORT ?? '3000'}`,
    simulatorUrl:
      process.env.DEMO_SIMULATOR_URL ?? `http://127.0.0.1:${process.env.SIMULATOR_PORT ?? '3100'}`,
    apiKey: apiKey(),
  });
  const waiting = [...stories];
  const results: StoryResult[] = [];
  const lane = async () => {
    for (let story = waiting.shift(); story !== undefined; story = waiting.shift()) {
      print(story.name, `▶ ${story.tells}`);
      const result = await playStory(service, story, ({ name }, entry, seconds) => {
        print(name, `${seconds.toFixed(1).padStart(5)} s  ${entry.summary}`);
      });
      results.push(result);
      print(story.name, verdict(result));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return summarize(results);
}

function verdict({ story, faults, merchantOrderNo, seconds }: StoryResult): string {
  return faults.length === 0
    ? `✔ ${story.ends.status} after ${seconds.toFixed(1)} s (${merchantOrderNo})`
    : `✘ ${faults.join('; ')} (${merchantOrderNo})`;
}

function summarize(results: readonly StoryResult[]): number {
  const failed = results.filter(({ faults }) => faults.length > 0);
  process.stdout.write('\n');
  for (const result of failed) print(result.story.name, verdict(result));
  process.stdout.write(
    `${results.length - failed.length} of ${results.length} scenarios ended as they must\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

function print(name: string, text: string): void {
  process.stdout.write(`${name.padEnd(NAME_WIDTH)}  ${text}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
