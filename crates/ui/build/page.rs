use crate::steps::COMMANDS;

/// The page that stands in for the front end: says in two languages what is missing and how to get it.
pub fn placeholder(reason: &str) -> String {
    let reason = escape(reason);
    let [first, second] = COMMANDS.map(escape);
    format!(
        r#"<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>晴空 Qingkong</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem }}
pre {{ padding: .75rem 1rem; border: 1px solid; border-radius: 8px; overflow: auto }}
</style>
</head>
<body>
<main>
<h1>晴空 Qingkong</h1>
<p>服务已启动，但本次构建未包含网页界面。</p>
<p lang="en">The server is running, but this build does not contain the web pages.</p>
<h2>原因 <span lang="en">Reason</span></h2>
<pre>{reason}</pre>
<h2>处理 <span lang="en">What to do</span></h2>
<p>安装 Node 20.19 或更高版本，然后运行：<br><span lang="en">Install Node 20.19 or newer, then run:</span></p>
<pre>{first}
{second}</pre>
<h2>接口 <span lang="en">Interfaces</span></h2>
<p><a href="/healthz">/healthz</a> · <a href="/api/v1/status">/api/v1/status</a> · <a href="/api/v1/openapi.json">/api/v1/openapi.json</a></p>
</main>
</body>
</html>
"#
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
