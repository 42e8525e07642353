# %% [markdown]
# # Four numbers of the 28-point draft
#
# The draft reported in November 2025, widely called the US-Russia plan, holds four figures that are quoted most: a
# ceiling of 600,000 on Ukraine's armed forces, $100bn of frozen assets, half of the profits to the United States, and
# half of a power plant. This script asks what follows from each, if the clause means what it says.

# %%
import ukraineplan as up

plan = up.load("us28")  # the text, with the evidence that was public on its date
plan

# %% [markdown]
# A number carries its unit, its range, its basis and its sources.

# %%
for name in ("force_reduction", "us_profit_total", "vehicle_share_of_immobilised", "ukraine_znpp_output"):
    number = plan[name]
    print(f"{number.label}: {number.display} ({number.span}); {number.basis}")
    print("   ", number.sentence)

# %% [markdown]
# Where does it come from? Every figure opens up, down to the quotes.

# %%
print(plan.explain("force_reduction_share"))

# %% [markdown]
# What moves it? One input at a time, then all together.

# %%
swings = up.tornado(plan, "us_profit_total")
print(swings.sentence)
print(swings.to_frame()[["label", "role", "low", "high"]].to_string())
print(up.bounds(plan, "us_profit_total").sentence)

# %% [markdown]
# Your own numbers: set a parameter, or a formula's result, and everything that rests on it follows.

# %%
higher = plan.with_values(vehicle_return="8 %/year", profit_base="both_200bn")
print(f"{plan['us_profit_total']} becomes {higher['us_profit_total']}")

# %% [markdown]
# Your own formula: a function named after the number it computes, whose arguments name the numbers it needs.

# %%
from ukraineplan.units import BillionUSD, Share


def us_profit_share_of_principal(us_profit_total: BillionUSD, vehicle_principal: BillionUSD) -> Share:
    """United States' profit as a share of the frozen assets put in"""
    return us_profit_total / vehicle_principal


print(plan.with_formula(us_profit_share_of_principal)["us_profit_share_of_principal"].sentence)

# %% [markdown]
# And a page to pass on.

# %%
sheet = up.fact_sheet(plan, "force_cap", format="markdown")
print(str(sheet)[:600])
