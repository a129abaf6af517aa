"""The colours of pictures: of roles, of edges and of what a comparison finds, for light and dark screens and for paper."""

LIGHT = """
--bg: #ffffff; --ink: #1f2328; --quiet: #57606a; --line: #6e7781; --faint: #a8b0b9; --main: #1f2328;
--prompt: #ddf4ff; --prompt-line: #0969da; --decision: #fff8c5; --decision-line: #9a6700; --lambda: #fff1e5;
--lambda-line: #bc4c00; --transfer: #dafbe1; --transfer-line: #1a7f37; --end: #eaeef2; --end-line: #57606a;
--other: #f6f8fa; --other-line: #8c959f; --missing: #ffebe9; --missing-line: #cf222e;
--added: #1a7f37; --removed: #cf222e; --changed: #9a6700;
"""
DARK = """
--bg: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --line: #848d97; --faint: #59636e; --main: #e6edf3;
--prompt: #0c2d50; --prompt-line: #4493f8; --decision: #3a2d07; --decision-line: #d29922; --lambda: #41200b;
--lambda-line: #db6d28; --transfer: #0f3320; --transfer-line: #3fb950; --end: #212830; --end-line: #848d97;
--other: #161b22; --other-line: #6e7681; --missing: #4b1113; --missing-line: #f85149;
--added: #3fb950; --removed: #f85149; --changed: #d29922;
"""
ROLES = ("prompt", "decision", "lambda", "transfer", "end", "other", "missing")
_BLOCKS = "\n".join(f".flow .{role} .body {{ fill: var(--{role}); stroke: var(--{role}-line); }}" for role in ROLES)
STYLE = f"""
.flow {{ {LIGHT} background: var(--bg); font: 12.5px/1.3 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }}
@media (prefers-color-scheme: dark) {{ .flow {{ {DARK} }} }}
@media print {{ .flow {{ {LIGHT} }} }}
.flow text {{ fill: var(--ink); }}
.flow .title {{ font-weight: 600; }}
.flow .number {{ fill: var(--quiet); text-anchor: end; font-size: 11px; }}
.flow .body {{ stroke-width: 1.2; }}
{_BLOCKS}
.flow .start .body {{ stroke-width: 3; }}
.flow .unreachable {{ opacity: .65; }}
.flow .unreachable .body, .flow .missing .body {{ stroke-dasharray: 5 4; }}
.flow .added .body, .flow .removed .body, .flow .changed .body {{ stroke-width: 3.5; }}
.flow .added .body {{ stroke: var(--added); }}
.flow .removed .body {{ stroke: var(--removed); stroke-dasharray: 7 5; }}
.flow .removed .words, .flow .removed .title {{ text-decoration: line-through; }}
.flow .changed .body {{ stroke: var(--changed); }}
.flow path.edge {{ fill: none; stroke: var(--line); stroke-width: 1.4; }}
.flow path.edge.main {{ stroke: var(--main); stroke-width: 2.2; }}
.flow path.edge.error {{ stroke: var(--faint); stroke-width: 1; stroke-dasharray: 4 3; }}
.flow path.edge.added {{ stroke: var(--added); stroke-width: 2.2; }}
.flow path.edge.removed {{ stroke: var(--removed); stroke-width: 1.6; stroke-dasharray: 7 5; }}
.flow .arrow {{ fill: var(--line); }}
.flow .arrow.main {{ fill: var(--main); }}
.flow .arrow.error {{ fill: var(--faint); }}
.flow .arrow.added {{ fill: var(--added); }}
.flow .arrow.removed {{ fill: var(--removed); }}
.flow .label rect {{ fill: var(--bg); opacity: .85; }}
.flow .label text {{ text-anchor: middle; font-size: 11px; }}
.flow .label.error text {{ fill: var(--quiet); font-size: 10.5px; }}
.flow .foot, .flow .foot .edge {{ fill: var(--quiet); stroke: none; font-size: 10.5px; }}
.flow .foot .edge.added {{ fill: var(--added); }}
.flow .foot .edge.removed {{ fill: var(--removed); text-decoration: line-through; }}
"""
