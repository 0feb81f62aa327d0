import type { go } from '../../api';
import { t } from '../../i18n';
import classes from './diff.module.css';
import { kinds } from './useDiff';

const names: Record<string, string> = {
  ids: 'diff.noise.ids',
  dates: 'diff.noise.dates',
  usage: 'diff.noise.usage',
  transport: 'diff.noise.transport',
};

interface NoiseProps {
  ignore: string[];
  counted: go.DiffIgnored[];
  onChange(ignore: string[]): void;
}

/** Noise shows what is ignored as chips: pressed, it is ignored, and the chip says how much it hides. */
export function Noise({ ignore, counted, onChange }: NoiseProps) {
  const paths = ignore.filter((name) => !kinds.includes(name));
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset
    <div
      className={classes.noise}
      role="group"
      aria-label={t('diff.noise.label')}
      title={t('diff.noise.explain')}
    >
      <span className={classes.dim} aria-hidden>
        {t('diff.noise.label')}
      </span>
      {[...kinds, ...paths].map((name) => {
        const on = ignore.includes(name);
        const hidden = on ? (counted.find((each) => each.name === name)?.hidden ?? 0) : 0;
        const known = names[name];
        return (
          <button
            key={name}
            type="button"
            className={classes.chip}
            aria-pressed={on}
            title={known ? undefined : t('diff.noise.drop', { path: name })}
            onClick={() => onChange(on ? ignore.filter((each) => each !== name) : [...ignore, name])}
          >
            {t('diff.noise.chip', { name: known ? t(known) : name, hidden })}
          </button>
        );
      })}
    </div>
  );
}
