// PageImages: the pages of a scanner's file, one by one, as small PNGs that the server takes.
//
// PNG, JPEG and TIFF (of several pages) are read by Leptonica; pages of a PDF are drawn by pdftoppm, in a process of
// its own. Thread safety: one call, one thread. Memory: one page.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace snowfield::cli {

// Of the longer side: Letter and A4 with 200 dots an inch.
inline constexpr int kPageSideMax = 2'340;
inline constexpr int kScanPagesMax = 2'000;

// Calls `take` with each page's number from 1 on, how many there are, and its PNG in 16 levels of grey; what it returns
// that is not OK ends the file. Errors: FILE_NOT_FOUND, FILE_UNREADABLE, PDF_TOOL_MISSING (with the mend).
absl::Status ForEachPage(const std::string& path,
                         absl::FunctionRef<absl::Status(int page, int count, const std::string& png)> take);

}  // namespace snowfield::cli
