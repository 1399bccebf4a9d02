#include "tests/support/http_get.h"

#include <curl/curl.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace snowfield::tests {
namespace {
constexpr auto kSecondsMax = 10L;

size_t Append(char* bytes, size_t size, size_t count, void* text) {
  static_cast<std::string*>(text)->append(bytes, size * count);
  return size * count;
}
}  // namespace

std::string HttpGet(int port, const std::string& path) {
  std::string body;
  CURL* const get = curl_easy_init();
  curl_easy_setopt(get, CURLOPT_URL, absl::StrCat("http://127.0.0.1:", port, path).c_str());
  curl_easy_setopt(get, CURLOPT_TIMEOUT, kSecondsMax);
  curl_easy_setopt(get, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(get, CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(get, CURLOPT_WRITEDATA, &body);
  const CURLcode code = curl_easy_perform(get);
  curl_easy_cleanup(get);
  EXPECT_EQ(code, CURLE_OK) << "GET " << path << ": " << curl_easy_strerror(code);
  return code == CURLE_OK ? body : "";
}

}  // namespace snowfield::tests
