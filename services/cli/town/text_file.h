// TextFile: a file being written, whose errors are all told at Close(). Thread safety: one thread.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::cli::town {

class TextFile {
 public:
  explicit TextFile(const std::string& path) : path_(path), buffer_(1 << 20), file_(std::fopen(path.c_str(), "wb")) {
    if (file_ != nullptr) std::setvbuf(file_.get(), buffer_.data(), _IOFBF, buffer_.size());
  }
  void Put(std::string_view text) {
    if (file_ != nullptr && std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) failed_ = true;
  }
  absl::Status Close() {
    const bool good = file_ != nullptr && !failed_ && std::fflush(file_.get()) == 0;
    if (good) return absl::OkStatus();
    return base::NotNow("FILE_NOT_WRITTEN", absl::StrCat(path_, " can't be written (", std::strerror(errno),
                                                         "); choose another folder with --out, or make room"));
  }

 private:
  struct FileClose {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::vector<char> buffer_;
  std::unique_ptr<std::FILE, FileClose> file_;
  bool failed_ = false;
};

}  // namespace snowfield::cli::town
