import type { go } from '../../api';

const defined = new Set(['tool', 'mcp-tool', 'mcp-resource', 'mcp-prompt']);

/** pulled tells whether what a thing is defined as changed after it was first seen. */
export const pulled = ({ kind, versions }: go.AssetRow): boolean => defined.has(kind) && versions > 1;
