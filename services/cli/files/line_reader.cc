#include "services/cli/files/line_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::cli {

absl::StatusOr<std::unique_ptr<LineReader>> LineReader::Open(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return base::Problem(absl::StatusCode::kNotFound, "FILE_NOT_FOUND", "file",
                         absl::StrCat("there is no file ", path, "; check the path"));
  }
  if (std::filesystem::is_directory(path, error)) {
    return base::InvalidField("file", "FILE_IS_FOLDER", absl::StrCat(path, " is a folder; name the files in it"));
  }
  const auto bytes = std::filesystem::file_size(path, error);
  GzipFile file(gzopen(path.c_str(), "rb"));
  if (file == nullptr) {
    return base::InvalidField(
        "file", "FILE_UNREADABLE",
        absl::StrCat(path, " can't be opened: ", std::strerror(errno), "; check who may read it"));
  }
  gzbuffer(file.get(), 1 << 17);
  return std::unique_ptr<LineReader>(new LineReader(std::move(file), error ? 0 : static_cast<int64_t>(bytes)));
}

absl::StatusOr<bool> LineReader::Fill() {
  const int got = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
  int error = Z_OK;
  const char* text = gzerror(file_.get(), &error);
  // zlib says Z_BUF_ERROR at the end of a stream that has no end: the file was cut off.
  if (got < 0 || error == Z_BUF_ERROR || error == Z_DATA_ERROR) {
    return base::Problem(absl::StatusCode::kDataLoss, "FILE_TRUNCATED", "file",
                         absl::StrCat("the compressed file ends too early or is damaged (", text,
                                      "); fetch it again and compare its size"));
  }
  begin_ = 0;
  end_ = static_cast<size_t>(got);
  return got > 0;
}

absl::StatusOr<bool> LineReader::Next(Line& line) {
  line.text.clear();
  line.too_long = false;
  bool any = false;
  while (true) {
    if (begin_ == end_) {
      SNOWFIELD_ASSIGN_OR_RETURN(const bool more, Fill());
      if (!more) break;
    }
    any = true;
    const char* from = buffer_.data() + begin_;
    const void* newline = std::memchr(from, '\n', end_ - begin_);
    const size_t count = newline == nullptr ? end_ - begin_ : static_cast<const char*>(newline) - from + 1;
    const size_t room = kLineBytesMax - line.text.size();
    line.text.append(from, std::min(count, room));
    line.too_long = line.too_long || count > room;
    begin_ += count;
    if (newline != nullptr) break;
  }
  if (any) line.number = ++line_number_;
  return any;
}

absl::Status LineReader::SkipToEnd() {
  while (true) {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) return absl::OkStatus();
  }
}

double LineReader::Fraction() const {
  if (file_bytes_ <= 0) return 1;
  return std::min(1.0, static_cast<double>(gzoffset(file_.get())) / static_cast<double>(file_bytes_));
}

}  // namespace snowfield::cli
