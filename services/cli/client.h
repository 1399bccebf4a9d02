// Session and Client: what every verb of the command line gets.
//
// A verb is a CLI11 subcommand whose callback sets session.run; main() runs it after parsing. All verbs here are plain
// gRPC clients. Address, token and TLS files come from flags, the environment (SNOWFIELD_ADDRESS, SNOWFIELD_TOKEN,
// SNOWFIELD_CA, SNOWFIELD_CERT, SNOWFIELD_KEY), or the context file, in this order.
// Thread safety: one thread; the channel may be used from many.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace snowfield::cli {

inline constexpr char kAddressDefault[] = "127.0.0.1:7311";
inline constexpr absl::Duration kCallTime = absl::Seconds(30);
// In place of a CA file: the authorities that this machine trusts.
inline constexpr char kSystemCa[] = "system";

struct Session {
  std::string address;                // --address
  std::string token;                  // --token
  std::string campaign;               // --campaign: beside an ID token
  std::string context_file;           // --context: JSON with address and token; made by `campaign create`
  std::string ca;                     // --ca: PEM file, or "system"; with it, or with a certificate, TLS is spoken
  std::string certificate;            // --cert: PEM file of this client's certificate, for mutual TLS
  std::string key;                    // --key: PEM file of its key
  bool json = false;                  // --json: for programs
  std::function<absl::Status()> run;  // what the chosen verb does
};

// What a context file holds.
struct Context {
  std::string address;
  std::string token;
  std::string ca = {};
  std::string certificate = {};
  std::string key = {};
};

class Client {
 public:
  // Resolves address and token. Does not connect yet. FAILED_PRECONDITION with the mend where no token is to be found.
  static absl::StatusOr<Client> Open(const Session& session);
  // Without a token, for EnrolPhone.
  static absl::StatusOr<Client> OpenPublic(const Session& session);
  // The same server with another token: a simulated phone.
  Client WithToken(std::string token) const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& address() const { return reach_.address; }
  // How this client reaches its server, to be kept in a context file.
  Context ContextWith(const std::string& token) const;
  // Puts the token and a deadline on a call.
  void Prepare(grpc::ClientContext& context, absl::Duration time = kCallTime) const;

 private:
  std::shared_ptr<grpc::Channel> channel_;
  Context reach_;  // without a token
  std::string token_;
  std::string campaign_;  // beside an ID token; empty: none
};

// NOT_FOUND where there is no such file.
absl::StatusOr<Context> ReadContext(const std::string& path);
// Written with mode 0600.
absl::Status WriteContext(const std::string& path, const Context& context);
// --context, or $SNOWFIELD_CONTEXT, or ~/.config/snowfield/context.json.
std::string ContextPath(const Session& session);

}  // namespace snowfield::cli
