use crate::failure::Failure;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::path::{Path, PathBuf};

/// Where a command writes: standard output, or a file that appears only when it is complete.
pub struct Output {
    writer: Writer,
}

enum Writer {
    Standard(BufWriter<Stdout>),
    File { writer: BufWriter<File>, part: Part, target: PathBuf },
}

/// The unfinished file beside the target; dropped, it is removed.
struct Part(PathBuf);

impl Output {
    /// Opens `path`, or standard output for `None` and `-`. Refuses a folder that can't be written to.
    pub fn create(path: Option<&Path>) -> Result<Self, Failure> {
        let writer = match path.filter(|path| *path != Path::new("-")) {
            None => Writer::Standard(BufWriter::new(io::stdout())),
            Some(target) => Writer::file(target).map_err(|cause| refused(target, &cause))?,
        };
        Ok(Output { writer })
    }

    /// Whether this is a file, so that nothing shows before [`Output::finish`].
    pub fn is_file(&self) -> bool {
        matches!(self.writer, Writer::File { .. })
    }

    /// Whether a person reads along: standard output, and that a terminal.
    pub fn is_terminal(&self) -> bool {
        matches!(&self.writer, Writer::Standard(writer) if writer.get_ref().is_terminal())
    }

    /// Everything is written: the file takes its name.
    pub fn finish(self) -> Result<(), Failure> {
        match self.writer {
            Writer::Standard(mut writer) => {
                writer.flush().map_err(|cause| refused(Path::new("standard output"), &cause))
            }
            Writer::File { mut writer, part, target } => writer
                .flush()
                .and_then(|()| writer.get_ref().sync_all())
                .and_then(|()| fs::rename(&part.0, &target))
                .map_err(|cause| refused(&target, &cause)),
        }
    }
}

/// A CSV cell; what is not there is an empty one.
pub fn cell(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

impl Writer {
    fn file(target: &Path) -> io::Result<Writer> {
        let name = target.file_name().ok_or_else(|| io::Error::other("no file name"))?;
        let part = target.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let writer = BufWriter::new(File::create(&part)?);
        Ok(Writer::File { writer, part: Part(part), target: target.to_path_buf() })
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.writer {
            Writer::Standard(writer) => writer.write(bytes),
            Writer::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.writer {
            Writer::Standard(writer) => writer.flush(),
            Writer::File { writer, .. } => writer.flush(),
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing left to remove, and before it a leftover is harmless.
        drop(fs::remove_file(&self.0));
    }
}

fn refused(target: &Path, cause: &io::Error) -> Failure {
    Failure::refused(format_args!("{}: {cause}; what stood there before is unchanged", target.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_complete_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.csv");
        fs::write(&target, "before").unwrap();
        let names = || fs::read_dir(folder.path()).unwrap().count();
        let mut broken = Output::create(Some(&target)).unwrap();
        broken.write_all(b"half").unwrap();
        drop(broken);
        assert_eq!((fs::read_to_string(&target).unwrap().as_str(), names()), ("before", 1));
        let mut whole = Output::create(Some(&target)).unwrap();
        whole.write_all(b"after").unwrap();
        whole.finish().unwrap();
        assert_eq!((fs::read_to_string(&target).unwrap().as_str(), names()), ("after", 1));
    }

    #[test]
    fn a_folder_that_is_not_there_is_refused_by_name() {
        let error = Output::create(Some(Path::new("/nowhere/at/all.csv"))).map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/at/all.csv: "), "{error}");
    }
}
