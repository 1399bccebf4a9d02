#include "services/access/sign_in/https_get.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "base/status.h"

namespace snowfield::access {
namespace {

constexpr size_t kUrlBytesMax = 500;

struct CleanUp {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

struct Body {
  std::string text;
  size_t bytes_max = 0;
};

size_t TakeBytes(char* bytes, size_t size, size_t count, void* data) {
  auto* body = static_cast<Body*>(data);
  if (body->text.size() + size * count > body->bytes_max) return 0;
  body->text.append(bytes, size * count);
  return size * count;
}

enum class Reach { kPublic, kPrivate, kLoopback, kNever };

Reach ReachOfV4(uint32_t address) {
  const auto in = [&](uint32_t network, int bits) { return (address >> (32 - bits)) == (network >> (32 - bits)); };
  if (in(0x7F000000, 8)) return Reach::kLoopback;
  if (in(0x0A000000, 8) || in(0xAC100000, 12) || in(0xC0A80000, 16) || in(0x64400000, 10)) return Reach::kPrivate;
  // This network, link-local (where clouds keep their metadata), multicast and reserved.
  if (in(0, 8) || in(0xA9FE0000, 16) || address >= 0xE0000000) return Reach::kNever;
  return Reach::kPublic;
}

Reach ReachOf(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    return ReachOfV4(ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return Reach::kNever;
  const in6_addr& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  const uint8_t* bytes = v6.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    return ReachOfV4(uint32_t{bytes[12]} << 24 | uint32_t{bytes[13]} << 16 | uint32_t{bytes[14]} << 8 | bytes[15]);
  }
  if (IN6_IS_ADDR_LOOPBACK(&v6)) return Reach::kLoopback;
  if ((bytes[0] & 0xFE) == 0xFC) return Reach::kPrivate;  // fc00::/7
  // 2000::/3 is what is routed; 64:ff9b::/96 and 2002::/16 lead to IPv4 addresses of any kind.
  const bool global = (bytes[0] & 0xE0) == 0x20 && !(bytes[0] == 0x20 && bytes[1] == 0x02);
  return global ? Reach::kPublic : Reach::kNever;
}

// Called for the address that a connection is about to be made to.
curl_socket_t OpenSocket(void* data, curlsocktype /*purpose*/, curl_sockaddr* address) {
  const auto* limits = static_cast<const HttpsLimits*>(data);
  const Reach reach = ReachOf(address->addr);
  const bool allowed = reach == Reach::kPublic || (reach == Reach::kPrivate && limits->allow_private) ||
                       (reach == Reach::kLoopback && limits->allow_loopback);
  if (!allowed) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

absl::Status Unavailable() {
  return base::Problem(
      absl::StatusCode::kUnavailable, "SIGN_IN_UNAVAILABLE", "",
      "the issuer's keys can't be had just now: try again in a moment; if it lasts, the operator has to "
      "look whether this server reaches the issuer");
}

bool InitCurl() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

}  // namespace

bool IsAllowedUrl(const std::string& url, const HttpsLimits& limits) {
  absl::string_view rest = url;
  if (url.size() > kUrlBytesMax || rest.find_first_of("@?#\\ \t\r\n") != absl::string_view::npos) return false;
  if (absl::StartsWith(rest, "https://")) return rest.size() > 8 && rest[8] != '/';
  if (!limits.allow_loopback) return false;
  return absl::StartsWith(rest, "http://127.0.0.1:") || absl::StartsWith(rest, "http://localhost:");
}

absl::StatusOr<std::string> HttpsGet(const std::string& url, const HttpsLimits& limits) {
  if (!IsAllowedUrl(url, limits) || !InitCurl()) return Unavailable();
  const std::unique_ptr<CURL, CleanUp> curl(curl_easy_init());
  if (curl == nullptr) return Unavailable();
  Body body{.text = {}, .bytes_max = limits.bytes_max};
  const int64_t time_ms = absl::ToInt64Milliseconds(limits.time_max);
  CURL* handle = curl.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, limits.allow_loopback ? "https,http" : "https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, time_ms);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, time_ms);
  curl_easy_setopt(handle, CURLOPT_MAXFILESIZE, static_cast<long>(limits.bytes_max));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, TakeBytes);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, OpenSocket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &limits);
  if (!limits.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, limits.ca_file.c_str());
  int64_t status = 0;
  if (curl_easy_perform(handle) != CURLE_OK) return Unavailable();
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return Unavailable();
  return std::move(body.text);
}

}  // namespace snowfield::access
