#include "services/cli/person_verbs.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/territory/v1/territory.grpc.pb.h"

namespace snowfield::cli {
namespace {
using territory::v1::TerritoryService;

struct PersonOrder {
  territory::v1::ListPeopleRequest find;
  int64_t person_id = 0;
  std::string file;
  bool sure = false;
};

absl::Status Find(const Session& session, const PersonOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  territory::v1::ListPeopleResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TerritoryService::NewStub(client.channel())->ListPeople(&context, order.find, &response)));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"person", "voter id", "name", "born", "address", "contact"});
  for (const territory::v1::Person& person : response.people()) {
    table.AddRow({absl::StrCat(person.person_id()), person.external_id(),
                  absl::StrCat(person.first_name(), " ", person.last_name()),
                  person.birth_year() == 0 ? "" : absl::StrCat(person.birth_year()),
                  absl::StrCat(person.address_line(), person.city().empty() ? "" : ", ", person.city()),
                  person.do_not_contact() ? "no" : ""});
  }
  table.Print();
  if (!response.next_page_token().empty()) std::printf("and more: say more of the name\n");
  return absl::OkStatus();
}

absl::Status Export(const Session& session, const PersonOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  territory::v1::ExportPersonRequest request;
  request.set_person_id(order.person_id);
  territory::v1::ExportPersonResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TerritoryService::NewStub(client.channel())->ExportPerson(&context, request, &response)));
  if (order.file.empty()) {
    std::printf("%s\n", response.json().c_str());
    return absl::OkStatus();
  }
  std::ofstream file(order.file, std::ios::trunc);
  file << response.json() << "\n";
  file.close();
  if (file) return absl::OkStatus();
  return base::NotNow("FILE_NOT_WRITTEN", absl::StrCat("can't write ", order.file, ": choose another with --out"));
}

absl::Status Erase(const Session& session, const PersonOrder& order) {
  if (!order.sure) {
    return base::InvalidField(
        "--yes", "NOT_CONFIRMED",
        "an erasure can't be taken back: look at `snowfield person export` first, then say --yes");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  territory::v1::ErasePersonRequest request;
  request.set_person_id(order.person_id);
  territory::v1::ErasePersonResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TerritoryService::NewStub(client.channel())->ErasePerson(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("person %lld %s\n", static_cast<long long>(order.person_id),
                response.erased_before() ? "was erased before" : "is erased, and stays out of the next imports");
  }
  return absl::OkStatus();
}

}  // namespace

void AddPersonVerbs(CLI::App& app, Session& session) {
  CLI::App* person = app.add_subcommand("person", "One who asks what is held about them")->require_subcommand(1);
  const auto order = std::make_shared<PersonOrder>();
  const auto verb = [&](const char* name, const char* help, const char* example, auto run) {
    CLI::App* made = person->add_subcommand(name, help);
    made->footer(absl::StrCat("Example:\n  snowfield person ", example));
    made->callback([&session, order, run] { session.run = [&session, order, run] { return run(session, *order); }; });
    return made;
  };
  CLI::App* find = verb("find", "Look someone up", "find --name Ruiz", Find);
  find->add_option_function<std::string>(
      "--voter-id", [order](const std::string& id) { order->find.set_external_id(id); }, "The voter file's id");
  find->add_option_function<std::string>(
      "--name", [order](const std::string& name) { order->find.set_last_name(name); }, "How the last name begins");
  CLI::App* get = verb("export", "Everything that is held about a person, as JSON", "export 17 --out 17.json", Export);
  get->add_option("person_id", order->person_id, "Who")->required();
  get->add_option("--out", order->file, "Into this file");
  CLI::App* erase = verb("erase", "Erase a person, and keep imports from bringing them back", "erase 17 --yes", Erase);
  erase->add_option("person_id", order->person_id, "Who")->required();
  erase->add_flag("--yes", order->sure, "It can't be taken back");
}

}  // namespace snowfield::cli
