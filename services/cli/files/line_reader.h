// LineReader: the physical lines of a text file, gzipped or not, with a limit on their length.
// Thread safety: one reader, one thread. Constant memory.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace snowfield::cli {

// A longer line is cut off and reported; no real address or voter file comes near it.
inline constexpr size_t kLineBytesMax = 1 << 20;

class LineReader {
 public:
  struct Line {
    uint64_t number = 0;    // from 1
    std::string text;       // with its line end, where it has one
    bool too_long = false;  // the text beyond kLineBytesMax was dropped
  };

  // NOT_FOUND or INVALID_ARGUMENT (with the mend) when the file can't be opened.
  static absl::StatusOr<std::unique_ptr<LineReader>> Open(const std::string& path);

  // False at the end of the file. DATA_LOSS when a .gz is truncated or corrupt.
  absl::StatusOr<bool> Next(Line& line);
  // Reads the rest only to learn whether it is whole. DATA_LOSS as above.
  absl::Status SkipToEnd();
  // Share of the file's bytes that have been read, 0 to 1.
  double Fraction() const;

 private:
  struct GzipClose {
    void operator()(gzFile file) const { gzclose(file); }
  };
  using GzipFile = std::unique_ptr<gzFile_s, GzipClose>;

  LineReader(GzipFile file, int64_t file_bytes) : file_(std::move(file)), file_bytes_(file_bytes), buffer_(1 << 16) {}
  absl::StatusOr<bool> Fill();

  GzipFile file_;
  int64_t file_bytes_;
  std::vector<char> buffer_;
  size_t begin_ = 0;  // unread bytes are [begin_, end_)
  size_t end_ = 0;
  uint64_t line_number_ = 0;
};

}  // namespace snowfield::cli
