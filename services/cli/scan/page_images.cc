#include "services/cli/scan/page_images.h"

#include <leptonica/allheaders.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace snowfield::cli {
namespace {
constexpr int kGreyLevels = 16;
constexpr int kPdfDots = 200;
constexpr int kNotFoundByShell = 127;

struct PixDestroy {
  void operator()(PIX* pix) const { pixDestroy(&pix); }
};
using Pix = std::unique_ptr<PIX, PixDestroy>;

absl::Status Unreadable(const std::string& path) {
  return base::NotNow("FILE_UNREADABLE",
                      absl::StrCat(path, " is no PNG, TIFF, JPEG or PDF that can be read: scan it again"));
}

absl::StatusOr<std::string> SmallPng(Pix pix, const std::string& path) {
  Pix grey(pix == nullptr ? nullptr : pixConvertTo8(pix.get(), /*cmapflag=*/0));
  if (grey == nullptr) return Unreadable(path);
  const int side = std::max(pixGetWidth(grey.get()), pixGetHeight(grey.get()));
  if (side > kPageSideMax) {
    const float scale = static_cast<float>(kPageSideMax) / static_cast<float>(side);
    grey.reset(pixScaleAreaMap(grey.get(), scale, scale));
  }
  const Pix small(grey == nullptr ? nullptr : pixThresholdTo4bpp(grey.get(), kGreyLevels, /*cmapflag=*/0));
  l_uint8* bytes = nullptr;
  size_t count = 0;
  if (small == nullptr || pixWriteMemPng(&bytes, &count, small.get(), 0) != 0) return Unreadable(path);
  std::string png(reinterpret_cast<const char*>(bytes), count);
  lept_free(bytes);
  return png;
}

// For the shell: between single quotes.
std::string Quoted(const std::string& path) {
  return absl::StrCat("'", absl::StrReplaceAll(path, {{"'", "'\\''"}}), "'");
}

absl::StatusOr<std::string> OutputOf(const std::string& command, const std::string& path) {
  FILE* const pipe = popen(absl::StrCat(command, " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return Unreadable(path);
  std::string output;
  std::array<char, 65536> buffer;
  for (size_t count; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), count);
  }
  const int status = pclose(pipe);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFoundByShell) {
    return base::NotNow("PDF_TOOL_MISSING", "PDFs are read by pdftoppm: apt install poppler-utils");
  }
  return Unreadable(path);
}

absl::StatusOr<int> PdfPages(const std::string& path) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string output, OutputOf(absl::StrCat("pdfinfo ", Quoted(path)), path));
  int pages = 0;
  for (absl::string_view line : absl::StrSplit(output, '\n')) {
    if (absl::ConsumePrefix(&line, "Pages:") && absl::SimpleAtoi(line, &pages)) return pages;
  }
  return Unreadable(path);
}

using Take = absl::FunctionRef<absl::Status(int page, int count, const std::string& png)>;

absl::Status TakePdf(const std::string& path, Take take) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int count, PdfPages(path));
  for (int page = 1; page <= std::min(count, kScanPagesMax); ++page) {
    const std::string command =
        absl::StrCat("pdftoppm -gray -png -r ", kPdfDots, " -f ", page, " -l ", page, " ", Quoted(path));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::string drawn, OutputOf(command, path));
    Pix pix(pixReadMem(reinterpret_cast<const l_uint8*>(drawn.data()), drawn.size()));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::string png, SmallPng(std::move(pix), path));
    SNOWFIELD_RETURN_IF_ERROR(take(page, count, png));
  }
  return absl::OkStatus();
}

absl::Status TakeTiff(const std::string& path, const std::string& bytes, Take take) {
  size_t offset = 0;
  l_int32 count = 0;
  FILE* const file = std::fopen(path.c_str(), "rb");
  if (file != nullptr) {
    tiffGetCount(file, &count);
    std::fclose(file);
  }
  int page = 0;
  do {
    Pix pix(pixReadMemFromMultipageTiff(reinterpret_cast<const l_uint8*>(bytes.data()), bytes.size(), &offset));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::string png, SmallPng(std::move(pix), path));
    SNOWFIELD_RETURN_IF_ERROR(take(++page, std::max(count, page), png));
  } while (offset != 0 && page < kScanPagesMax);
  return absl::OkStatus();
}

}  // namespace

absl::Status ForEachPage(const std::string& path, Take take) {
  setMsgSeverity(L_SEVERITY_NONE);  // Leptonica would tell its errors on standard error by itself
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::NotNow("FILE_NOT_FOUND", absl::StrCat("can't read ", path));
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string_view head = std::string_view(bytes).substr(0, 4);
  if (head == "%PDF") return TakePdf(path, take);
  if (head.substr(0, 2) == "II" || head.substr(0, 2) == "MM") return TakeTiff(path, bytes, take);
  Pix pix(pixReadMem(reinterpret_cast<const l_uint8*>(bytes.data()), bytes.size()));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string png, SmallPng(std::move(pix), path));
  return take(1, 1, png);
}

}  // namespace snowfield::cli
