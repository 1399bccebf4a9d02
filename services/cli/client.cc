#include "services/cli/client.h"

#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/rpc/limits.h"

namespace snowfield::cli {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string FirstOf(std::initializer_list<std::string> candidates) {
  for (const std::string& candidate : candidates) {
    if (!candidate.empty()) return candidate;
  }
  return "";
}

absl::StatusOr<std::string> ReadPem(const std::string& path, const char* flag) {
  if (path.empty()) return std::string();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (file && text.str().find("-----BEGIN ") != std::string::npos) return text.str();
  return base::InvalidField(flag, "TLS_FILE_UNREADABLE",
                            absl::StrCat(path, " can't be read as a PEM file: check the path and who may read it"));
}

// TLS where a CA or a certificate is named, else plain text.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const Context& reach) {
  if (reach.ca.empty() && reach.certificate.empty() && reach.key.empty()) return grpc::InsecureChannelCredentials();
  if (reach.certificate.empty() != reach.key.empty()) {
    return base::InvalidField("--cert", "TLS_FILES_INCOMPLETE", "--cert and --key go together");
  }
  grpc::SslCredentialsOptions options;
  if (reach.ca != kSystemCa) {
    SNOWFIELD_ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(reach.ca, "--ca"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(options.pem_cert_chain, ReadPem(reach.certificate, "--cert"));
  SNOWFIELD_ASSIGN_OR_RETURN(options.pem_private_key, ReadPem(reach.key, "--key"));
  return grpc::SslCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const Context& reach) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ChannelCredentials> credentials, CredentialsFor(reach));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(rpc::kResponseBytesMax);
  return grpc::CreateCustomChannel(reach.address, credentials, arguments);
}

}  // namespace

std::string ContextPath(const Session& session) {
  const std::string home = Environment("HOME");
  return FirstOf({session.context_file, Environment("SNOWFIELD_CONTEXT"),
                  absl::StrCat(home.empty() ? "." : home, "/.config/snowfield/context.json")});
}

absl::StatusOr<Context> ReadContext(const std::string& path) {
  std::ifstream file(path);
  if (!file) return base::NoSuch("", absl::StrCat("no context file at ", path));
  const auto json = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return base::NotNow("CONTEXT_UNREADABLE",
                        absl::StrCat(path,
                                     " is no JSON object with address and token: delete it and make it again with "
                                     "`snowfield campaign create`"));
  }
  const auto text = [&](const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
  };
  return Context{.address = text("address"),
                 .token = text("token"),
                 .ca = text("ca"),
                 .certificate = text("cert"),
                 .key = text("key")};
}

absl::Status WriteContext(const std::string& path, const Context& context) {
  std::error_code error;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return base::NotNow("CONTEXT_NOT_WRITTEN",
                        absl::StrCat("can't write ", path, ": choose another with --context FILE"));
  }
  // The token is a secret: also where the file was there before with a wider mode.
  ::fchmod(file, 0600);
  nlohmann::json json = {{"address", context.address}, {"token", context.token}};
  for (const auto& [key, value] :
       {std::pair{"ca", context.ca}, std::pair{"cert", context.certificate}, std::pair{"key", context.key}}) {
    if (!value.empty()) json[key] = value;
  }
  const std::string text = json.dump(2, ' ', false) + "\n";
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  if (!written) return base::NotNow("CONTEXT_NOT_WRITTEN", absl::StrCat("can't write ", path, ": is the disk full?"));
  return absl::OkStatus();
}

absl::StatusOr<Client> Client::OpenPublic(const Session& session) {
  const absl::StatusOr<Context> read = ReadContext(ContextPath(session));
  const Context context = read.ok() ? *read : Context();
  Client client;
  client.reach_.address =
      FirstOf({session.address, Environment("SNOWFIELD_ADDRESS"), context.address, kAddressDefault});
  client.reach_.ca = FirstOf({session.ca, Environment("SNOWFIELD_CA"), context.ca});
  client.reach_.certificate = FirstOf({session.certificate, Environment("SNOWFIELD_CERT"), context.certificate});
  client.reach_.key = FirstOf({session.key, Environment("SNOWFIELD_KEY"), context.key});
  client.campaign_ = FirstOf({session.campaign, Environment("SNOWFIELD_CAMPAIGN")});
  SNOWFIELD_ASSIGN_OR_RETURN(client.channel_, OpenChannel(client.reach_));
  return client;
}

absl::StatusOr<Client> Client::Open(const Session& session) {
  SNOWFIELD_ASSIGN_OR_RETURN(Client client, OpenPublic(session));
  client.token_ = FirstOf({session.token, Environment("SNOWFIELD_TOKEN")});
  if (!client.token_.empty()) return client;
  const absl::StatusOr<Context> context = ReadContext(ContextPath(session));
  if (!context.ok() && !absl::IsNotFound(context.status())) return context.status();
  if (context.ok()) client.token_ = context->token;
  if (client.token_.empty()) {
    return base::NotNow(
        "TOKEN_MISSING",
        absl::StrCat("no token: make a campaign with `snowfield campaign create NAME`, or give --token or "
                     "--context (looked in ",
                     ContextPath(session), ")"));
  }
  return client;
}

Context Client::ContextWith(const std::string& token) const {
  Context context = reach_;
  context.token = token;
  return context;
}

Client Client::WithToken(std::string token) const {
  Client other = *this;
  other.token_ = std::move(token);
  return other;
}

void Client::Prepare(grpc::ClientContext& context, absl::Duration time) const {
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(time));
  if (!token_.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  if (!campaign_.empty()) context.AddMetadata("snowfield-campaign", campaign_);
}

}  // namespace snowfield::cli
