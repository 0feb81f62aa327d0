import { expect, test } from 'vitest';
import { blocks } from './blocks';
import { find } from './find';
import { ascii, hex, offset, readOffset } from './hexline';
import { tidyJSON } from './json';
import { hostOf } from './Trouble';
import { sentences } from './useSpoken';

test('a text is split at its fences, and nothing of it is lost', () => {
  const text = `Before\n\`\`\`js\nlet a = 1;\n\`\`\`\nafter ${'word '.repeat(2000)}\n\nend\n~~~\nopen`;
  const list = blocks(text);
  expect(list.filter(({ code }) => code).map(({ text, language }) => [language, text])).toEqual([
    ['js', 'let a = 1;'],
    ['', 'open'],
  ]);
  const words = (from: string) => from.match(/\w+/g);
  expect(words(list.map(({ text, language }) => `${language} ${text}`).join(' '))).toEqual(words(text));
});

test('JSON is laid out and every token stays as it was sent', () => {
  const text = '{"a":[1.50,{"b":"\\u202e{,}"}],"a":{},"c":1e400}';
  const tidy = tidyJSON(text);
  expect(tidy).toContain('\n  "a": [\n    1.50,\n');
  expect(tidy?.replace(/\n\s*|(?<=:) /g, '')).toBe(text);
  expect(tidyJSON('{"cut": ')).toBeUndefined();
  expect(tidyJSON('plain')).toBeUndefined();
});

test('a place may span elements', () => {
  const root = document.createElement('div');
  const paragraph = (...parts: (string | Node)[]) => {
    const element = document.createElement('p');
    element.append(...parts);
    return element;
  };
  const bold = document.createElement('b');
  bold.append('kettle');
  root.append(paragraph('Kett'), paragraph('le and ', bold));
  expect(find(root, 'KETTLE').map(String)).toEqual(['Kettle', 'kettle']);
});

test('bytes as rows', () => {
  const bytes = new Uint8Array([0, 65, 127, 255]);
  expect([offset(4096), hex(bytes), ascii(bytes)]).toEqual(['00001000', '00 41 7f ff ', '·A··']);
  expect(['1024', '0x400', '400h', 'x'].map(readOffset)).toEqual([1024, 1024, 1024, undefined]);
});

test('an answer is told in sentences', () => {
  expect(sentences('One. Two', 0)).toEqual({ said: 'One.', end: 4 });
  expect(sentences('One. Two', 4)).toEqual({ said: '', end: 4 });
});

test('a host without what is around it', () => {
  expect(['https://u@a.example:8443/x?y', 'b.example:443'].map(hostOf)).toEqual(['a.example', 'b.example']);
});
