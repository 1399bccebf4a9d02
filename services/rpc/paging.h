// Pages of lists: every list RPC is paged from its first day.
//
// A page token is opaque to clients: version, the list it belongs to, and the key after which the next page starts.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/rpc/limits.h"

namespace snowfield::rpc {

struct Page {
  int size = kPageSizeDefault;
  // Rows with a key above this; 0 for the first page.
  int64_t after = 0;
  // A second key for lists in an order of their own (due time in microseconds); 0 for the first page.
  int64_t after_order = 0;
};

// Reads page_size and page_token of a request for the list `list` ("turfs"). INVALID_ARGUMENT with field "page_size" or
// "page_token" for a size outside 0 to kPageSizeMax, or a token that is not from this list.
absl::StatusOr<Page> ReadPage(std::string_view list, int32_t page_size, const std::string& page_token,
                              int size_default = kPageSizeDefault);

// The token of the page after the row with this key.
std::string NextPageToken(std::string_view list, int64_t last_key, int64_t last_order = 0);

}  // namespace snowfield::rpc
