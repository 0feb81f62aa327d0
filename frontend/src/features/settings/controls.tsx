// The kinds of setting. Text is kept when the field is left or Enter is pressed, so that half a word is never tried.
import { NumberInput, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { t } from '../../i18n';
import { Setting } from './Setting';

interface Common<T> {
  label: string;
  help: string;
  value: T;
  ordinary: T;
  problem?: string | undefined;
  fixed?: boolean;
  onChange(value: T): void;
}

/** useDraft holds what is typed until it is kept. */
function useDraft(value: string, keep: (value: string) => void) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  return { draft, setDraft, commit: () => draft !== value && keep(draft) };
}

export function TextSetting({ mono = true, ...props }: Common<string> & { mono?: boolean }) {
  const { draft, setDraft, commit } = useDraft(props.value, props.onChange);
  return (
    <Setting
      {...props}
      ordinary={props.ordinary || t('settings.nothing')}
      changed={props.value !== props.ordinary}
      onReset={() => props.onChange(props.ordinary)}
    >
      {({ id, describedby }) => (
        <TextInput
          id={id}
          aria-describedby={describedby}
          error={props.problem !== undefined}
          disabled={props.fixed ?? false}
          value={draft}
          spellCheck={false}
          {...(mono ? { styles: { input: { fontFamily: 'var(--as-mono)' } } } : {})}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
      )}
    </Setting>
  );
}

const lines = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** ListSetting is a list of hosts, one a line. */
export function ListSetting(props: Common<string[]>) {
  const value = props.value.join('\n');
  const { draft, setDraft, commit } = useDraft(value, (text) => props.onChange(lines(text)));
  return (
    <Setting
      {...props}
      ordinary={props.ordinary.join(', ') || t('settings.nothing')}
      changed={value !== props.ordinary.join('\n')}
      onReset={() => props.onChange(props.ordinary)}
    >
      {({ id, describedby }) => (
        <Textarea
          id={id}
          aria-describedby={describedby}
          error={props.problem !== undefined}
          disabled={props.fixed ?? false}
          value={draft}
          spellCheck={false}
          autosize
          minRows={2}
          maxRows={8}
          styles={{ input: { fontFamily: 'var(--as-mono)' } }}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onBlur={commit}
        />
      )}
    </Setting>
  );
}

export function SwitchSetting(props: Common<boolean>) {
  return (
    <Setting
      {...props}
      ordinary={props.ordinary ? t('settings.on') : t('settings.off')}
      changed={props.value !== props.ordinary}
      onReset={() => props.onChange(props.ordinary)}
    >
      {({ id, describedby }) => (
        <Switch
          id={id}
          aria-describedby={describedby}
          disabled={props.fixed ?? false}
          checked={props.value}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
      )}
    </Setting>
  );
}

interface NumberProps extends Common<number> {
  min: number;
  max: number;
  suffix: string;
}

export function NumberSetting({ min, max, suffix, ...props }: NumberProps) {
  const [draft, setDraft] = useState<number | string>(props.value);
  useEffect(() => setDraft(props.value), [props.value]);
  const commit = () => {
    const next = Number(draft);
    if (draft !== '' && next !== props.value) props.onChange(next);
    else setDraft(props.value);
  };
  return (
    <Setting
      {...props}
      ordinary={`${props.ordinary}${suffix}`}
      changed={props.value !== props.ordinary}
      onReset={() => props.onChange(props.ordinary)}
    >
      {({ id, describedby }) => (
        <NumberInput
          id={id}
          aria-describedby={describedby}
          error={props.problem !== undefined}
          min={min}
          max={max}
          suffix={suffix}
          allowDecimal={false}
          value={draft}
          onChange={setDraft}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
      )}
    </Setting>
  );
}

interface ChoiceProps<T extends string> extends Common<T> {
  choices: { value: T; label: string }[];
}

export function ChoiceSetting<T extends string>({ choices, ...props }: ChoiceProps<T>) {
  return (
    <Setting
      {...props}
      ordinary={choices.find((each) => each.value === props.ordinary)?.label ?? ''}
      changed={props.value !== props.ordinary}
      onReset={() => props.onChange(props.ordinary)}
    >
      {({ labelledby }) => (
        <SegmentedControl
          aria-labelledby={labelledby}
          data={choices}
          value={props.value}
          onChange={(value) => props.onChange(value as T)}
        />
      )}
    </Setting>
  );
}
