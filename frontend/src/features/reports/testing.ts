// The Go side of reports as tests need it: choices, previews and what is hidden in them, in memory.
import type { go } from '../../api';
import { Side } from '../../test/far';

const at = '2026-03-01T12:00:00.000Z';

/** reportForm is what was chosen of a report. */
export const reportForm = (more: Partial<go.ReportForm> = {}): go.ReportForm => ({
  audience: 'technical',
  run: '',
  against: '',
  targets: [],
  least: '',
  findings: [],
  evidence: 0,
  title: '',
  client: '',
  tester: '',
  scope: '',
  authorisation: '',
  note: '',
  without: [],
  format: '',
  ...more,
});

/** hiddenKind is a type with so many values, which nobody sees. */
export function hiddenKind(
  word: string,
  many: string,
  n: number,
  more: Partial<go.HiddenKind> = {},
): go.HiddenKind {
  return {
    type: word.toUpperCase(),
    class: 'personal',
    word,
    many,
    n,
    shown: 0,
    items: Array.from({ length: n }, (_, at) => ({
      placeholder: `⟨${word} ${at + 1}⟩`,
      count: at + 1,
      shown: false,
    })),
    ...more,
  };
}

/** reportMade is a report that was made. */
export const reportMade = (more: Partial<go.ReportMade> = {}): go.ReportMade => ({
  at,
  format: 'pdf',
  audience: 'technical',
  file: 'acme-technical.pdf',
  bytes: 240_000,
  sha256: 'ab12'.repeat(16),
  findings: 7,
  hidden: [{ value: 'EMAIL_ADDRESS', name: '', n: 31 }],
  shown: [],
  open: false,
  ...more,
});

/** Far is the struct Reports of the Go side. */
export class Far extends Side {
  protected readonly struct = 'Reports';
  form = reportForm();
  logo: go.ReportLogo = { picture: '', width: 0, height: 0, bytes: 0 };
  runs: go.ReportRun[] = [
    { id: '2', name: 'after the fix', state: 'done', started: at, starred: false },
    { id: '1', name: 'nightly', state: 'done', started: at, starred: true },
  ];
  targets: go.ReportTarget[] = [{ ref: 'model:1', name: 'Bot', n: 7 }];
  findings = 7;
  exchanges = 40;
  models = 1;
  writable = true;
  hidden: go.HiddenKind[] = [];
  made: go.ReportMade[] = [];
  shortened: string[] = [];
  large = false;
  /** what stands behind every placeholder */
  value = 'jane@example.org';
  /** why there is no preview, no export; nothing where there is */
  fault: unknown = null;
  exportFault: unknown = null;
  private previews = 0;

  private preview(): go.ReportPreview {
    if (this.fault) throw this.fault;
    this.previews++;
    return {
      id: String(this.previews),
      page: `/report/${this.previews}`,
      bytes: this.large ? 60_000_000 : 90_000,
      title: 'Acme',
      findings: this.findings,
      evidence: 12,
      large: this.large,
      shortened: this.shortened,
      hidden: this.hidden,
      took_ms: 12,
      counts: [],
    };
  }

  private show({ placeholder, on }: go.ShowHiddenIn) {
    this.hidden = this.hidden.map((kind) => {
      const items = kind.items.map((item) =>
        item.placeholder === placeholder ? { ...item, shown: on } : item,
      );
      return { ...kind, items, shown: items.filter(({ shown }) => shown).length };
    });
    return {};
  }

  protected methods() {
    return {
      Choices: (): go.ReportChoices => ({
        form: this.form,
        logo: this.logo,
        runs: this.runs,
        targets: this.targets,
        sections: ['summary', 'scope', 'comparison', 'findings', 'not_tested', 'redaction'].map((id) => ({
          id,
          only: id === 'comparison' ? 'retest' : '',
        })),
        formats: ['pdf', 'html', 'json', 'bundle'].map((id) => ({ id, ext: `.${id}` })),
        findings: this.findings,
        exchanges: this.exchanges,
        models: this.models,
        folder: '',
        writable: this.writable,
      }),
      Keep: (form: go.ReportForm) => {
        this.form = form;
        return {};
      },
      SetLogo: ({ picture }: go.SetReportLogoIn) => {
        this.logo = picture
          ? { picture: `data:image/png;base64,${picture}`, width: 120, height: 40, bytes: 800 }
          : { picture: '', width: 0, height: 0, bytes: 0 };
        return this.logo;
      },
      Preview: () => this.preview(),
      Look: (): go.HiddenOut => ({ value: this.value, sealed: false, more: 0 }),
      Show: (input: go.ShowHiddenIn) => this.show(input),
      Export: ({ format }: go.ReportExportIn): go.ReportExportOut => {
        if (this.exportFault) throw this.exportFault;
        const made = reportMade({ format, file: `acme-technical.${format}`, open: true });
        this.made = [made, ...this.made];
        return { download: '', name: made.file, made, shown: [] };
      },
      Made: (): go.ReportsMadeOut => ({ items: this.made, total: this.made.length }),
      Open: () => ({}),
    };
  }
}
