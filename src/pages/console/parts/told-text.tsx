import { Moment } from './moment.js';

const TIMES = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A sentence of the service, its times as everywhere on the page. */
export function ToldText({ text }: { readonly text: string }) {
  // Every second part is a time, because the pattern has one group.
  return (
    <>
      {text
        .split(TIMES)
        .map((part, index) => (index % 2 === 1 ? <Moment key={part} at={part} isClock /> : part))}
    </>
  );
}
