import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_STORIES } from '../../src/demo/demo-stories.js';
import { playStory } from '../../src/demo/play-story.js';
import { type ServiceUnderTest, startService } from '../support/service-processes.js';

/** Every scenario of the simulator through the real processes, by HTTP only. */
let service: ServiceUnderTest;

beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service?.close();
});

describe('every scenario', () => {
  it.concurrent.each(DEMO_STORIES)(
    'when $tells ($name), then the order ends as $ends.status',
    async (story) => {
      const { faults } = await playStory(service.demo, story, () => {});
      expect(faults).toEqual([]);
    },
  );
});
