// Small things of the watch.
import {
  IconCircleCheck,
  IconCircleDot,
  IconCircleX,
  IconHandStop,
  type TablerIcon,
} from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import findings from '../findings/findings.module.css';
import base from '../inventory/inventory.module.css';
import { openActor } from './acts';

const code = (value: string) => value.replace(/\W/g, '_');

/** states of threats, in the order in which they are offered. */
export const states = ['new', 'confirmed', 'harmless', 'closed'] as const;

export type ThreatState = (typeof states)[number];

/** stateWord is what a person holds of a threat. */
export const stateWord = (state: string): string =>
  t('threats.word.state', { state: code(state), raw: state });

/** kindWord is by what an actor is told apart. */
export const kindWord = (kind: string): string => t('threats.word.kind', { kind: code(kind), raw: kind });

/** signWord is what a detector saw. */
export function signWord({ kind, name }: { kind: string; name: string }): string {
  const word = t('threats.word.sign', { kind: code(kind), raw: kind });
  return name ? `${word}: ${name}` : word;
}

const icons: Record<string, TablerIcon> = {
  new: IconCircleDot,
  confirmed: IconCircleCheck,
  harmless: IconHandStop,
  closed: IconCircleX,
};

/** State is what a person holds of a threat: a sign and a word. */
export function State({ state }: { state: string }) {
  const Icon = icons[state] ?? IconCircleDot;
  return (
    <span className={findings.word} data-state={state === 'confirmed' ? 'verified' : state}>
      <Icon size={14} aria-hidden /> {stateWord(state)}
    </span>
  );
}

/** actorWord is who it was, in words. */
export const actorWord = ({ kind, name }: { kind: string; name: string }): string =>
  kind ? `${kindWord(kind)} ${name}` : t('threats.nobody');

/** Actor is who it was; it opens the actor. */
export function Actor({ actor, kind, name }: Pick<go.ThreatRow, 'actor' | 'kind' | 'name'>) {
  if (!actor) return <span className={base.dim}>{t('threats.nobody')}</span>;
  return (
    <button type="button" className={base.link} onClick={() => openActor(actor)}>
      {kindWord(kind)} <Visible text={name} />
    </button>
  );
}
